import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Visitor } from 'oxc-parser';
import { checkSync } from 'recheck';

// In this process and in JavaScript: the same everywhere, whichever binaries the library finds.
process.env['RECHECK_SYNC_BACKEND'] = 'pure';

/**
 * @typedef {object} Complexities of regular expressions, by pattern and flags
 * @property {Map<string, string>} known what was found before
 * @property {Map<string, string>} found what is known now of those that were met
 */

/**
 * Where a source has a regular expression that hostile text could keep busy. What ships must take time in
 * proportion to the text; scripts read texts of our own, so it is enough if theirs are not exponential. One
 * that is made as the program runs cannot be judged, and nothing here needs one.
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

/** What was found before is kept, since to judge them all takes longer than everything else. */
export function readKnown(file) {
  return new Map(existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8'))) : []);
}

export function keepFound(file, found) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(Object.fromEntries(found)));
}
