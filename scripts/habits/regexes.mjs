import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Visitor } from 'oxc-parser';
import { checkSync } from 'recheck';

// In this process and in JavaScript, so that results do not depend on the binaries that the library finds.
process.env['RECHECK_SYNC_BACKEND'] = 'pure';

/**
 * @typedef {object} Complexities of regular expressions, by pattern and flags
 * @property {Map<string, string>} known results of earlier runs
 * @property {Map<string, string>} found results for the expressions of this run
 */

/**
 * Finds regular expressions that hostile text could keep busy. Published code must take time in proportion to the text.
 * Scripts read only texts of this repository, so it is enough if theirs are not exponential. An expression that is
 * created at run time cannot be judged, and none is needed.
 *
 * @param {import('./read-sources.mjs').Source} source
 * @param {Complexities} complexities
 * @returns {{ line: number, reason: string }[]}
 */
export function slowRegexes({ program, isShipped, lineOf }, complexities) {
  const refusals = [];
  const refuse = (node, reason) => refusals.push({ line: lineOf(node), reason });

  function judge(node, pattern, flags) {
    const complexity = complexityOf(pattern, flags, complexities);
    const isFine = isShipped ? ['safe', 'linear'].includes(complexity) : !/exponential|unknown/.test(complexity);
    if (!isFine) refuse(node, `/${pattern}/${flags} is ${complexity}`);
  }
  function judgeCall(node) {
    if ((node.callee.property ?? node.callee).name !== 'RegExp') return;
    const [pattern, flags = { value: '' }] = node.arguments.map((one) => (one.type === 'Literal' ? one : undefined));
    if (typeof pattern?.value === 'string' && typeof flags?.value === 'string') judge(node, pattern.value, flags.value);
    else if (!pattern?.regex) refuse(node, 'a regular expression must stand there in plain text');
  }

  new Visitor({
    Literal: (node) => node.regex && judge(node, node.regex.pattern, node.regex.flags),
    NewExpression: judgeCall,
    CallExpression: judgeCall,
  }).visit(program);
  return refusals;
}

function complexityOf(pattern, flags, { known, found }) {
  const key = `/${pattern}/${flags}`;
  const complexity = found.get(key) ?? known.get(key) ?? analyse(pattern, flags);
  found.set(key, complexity);
  return complexity;
}

function analyse(pattern, flags) {
  const { status, complexity, error } = checkSync(pattern, flags, { timeout: 60_000 });
  return status === 'unknown' ? `unknown: ${error.kind}` : complexity.type;
}

/** Reads the results of earlier runs. To judge all expressions again would take longer than all other checks. */
export function readKnown(file) {
  return new Map(existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8'))) : []);
}

export function keepFound(file, found) {
  const sorted = [...found].toSorted(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}
