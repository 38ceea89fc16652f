/**
 * Checks that the claims of a document have tests. Each row of its tables names existing files and, if they are tests,
 * titles in them: `[races.test.ts](…/races.test.ts) “title”`. A file that is named as the implementation, such as
 * `wire.ts`, must exist too.
 */

const header = '| claim | held by | test |\n';
const heldByFile = /`([\w.-]+\.(?:ts|mjs|cjs|js|py))`/g;
const reference = /\[[^\]]*\]\(([^)]+)\)((?:,? “[^”]+”)*)/g;

/**
 * @param {string} markdown
 * @param {(target: string) => string | undefined} read the text of a file, by its path relative to the document
 * @param {(name: string) => boolean} isFile whether a file has this name, in any folder
 * @returns {{ claims: number, failures: string[] }}
 */
export function checkClaims(markdown, read, isFile) {
  const tables = markdown.split('\n\n').filter((block) => block.startsWith('|'));
  const rows = tables.flatMap((table) => table.trim().split('\n').slice(2));
  const strange = tables.filter((table) => !table.startsWith(header)).map((table) => `No claims: ${table}`);
  return {
    claims: rows.length,
    failures: [...strange, ...rows.flatMap((row) => [...failuresOf(row, read), ...lostFiles(row, isFile)])],
  };
}

function failuresOf(row, read) {
  const [claim, , tests = ''] = row.slice(2, -2).split(' | ');
  const named = [...tests.matchAll(reference)];
  if (named.length === 0) return [`“${claim}” names no test`];
  return named.flatMap(([, target, quoted]) => {
    const text = read(target);
    if (text === undefined) return [`“${claim}”: ${target} is not there`];
    const titles = [...quoted.matchAll(/“([^”]+)”/g)].map(([, title]) => title);
    if (titles.length === 0 && target.endsWith('.test.ts')) return [`“${claim}” names no title in ${target}`];
    return titles.filter((title) => !stands(title, text)).map((title) => `${target} has no test “${title}”`);
  });
}

function lostFiles(row, isFile) {
  const [claim, heldBy = ''] = row.slice(2, -2).split(' | ');
  return [...heldBy.matchAll(heldByFile)]
    .filter(([, name]) => !isFile(name))
    .map(([, name]) => `“${claim}” is held by ${name}, which is not there`);
}

/** Whether the title is a whole string of the source. */
function stands(title, text) {
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
}

/** Checks the check itself: each of these rows must have so many failures. */
export function checkCanaries() {
  const files = { 'a.test.ts': "it('holds', () => {});", 'a.mjs': '' };
  const isHolder = (name) => name === 'a.ts';
  const rows = {
    '| It holds | here | [a](a.test.ts) “holds”; [b](a.mjs) |': 0,
    '| It is held by a file | `a.ts`, [b](b.md) | [a](a.test.ts) “holds” |': 0,
    '| It is held by no file | `one.column` | [a](a.test.ts) “holds” |': 0,
    '| What held it is gone | `a.ts`, `b.ts` | [a](a.test.ts) “holds” |': 1,
    '| It has no test | here | none |': 1,
    '| Its file is gone | here | [b](b.test.ts) “holds” |': 1,
    '| Its title has changed | here | [a](a.test.ts) “hold” |': 1,
    '| Its second title has changed | here | [a](a.test.ts) “holds”, “held” |': 1,
    '| It names no title | here | [a](a.test.ts) |': 1,
    '| It stands elsewhere | here | [a](a.test.ts) “holds” |\n\n| claim | tests |\n|---|---|': 1,
  };
  return Object.entries(rows).flatMap(([row, expected]) => {
    const { claims, failures } = checkClaims(`${header}|---|---|---|\n${row}`, (file) => files[file], isHolder);
    const isRight = claims === 1 && failures.length === expected;
    return isRight ? [] : [`A canary went through, so that the check proves nothing: ${row}`];
  });
}
