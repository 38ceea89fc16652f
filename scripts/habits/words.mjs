import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Words that make a reader stop, each with plainer ones. */
const plainer = new Map([
  ['anew', 'again'],
  ['anybody', 'any caller'],
  ['everybody', 'every caller'],
  ['hitherto', 'until now'],
  ['nobody', 'no caller'],
  ['somebody', 'a caller'],
  ['thence', 'from there'],
  ['thereof', 'of it'],
  ['whence', 'from where'],
  ['whilst', 'while'],
  ['whoever', 'the caller that'],
  ['whom', 'the caller that'],
]);
const words = /\b(?:anew|anybody|everybody|hitherto|nobody|somebody|thence|thereof|whence|whilst|whoever|whom)\b/gi;

const places = [
  'packages',
  'scripts',
  'docs',
  'test',
  'examples',
  'bench',
  'deploy',
  'site',
  'README.md',
  'CONTRIBUTING.md',
];

/** What we did not write, or can no longer change; and this list. */
const foreign = /(?:^|\/)(?:node_modules|dist|data|first-version)\/|^scripts\/habits\//;

/**
 * Text under `root` with words that make a reader stop. A name in quotes (`'Nobody'`) and an e-mail address are fine.
 *
 * @param {string} root
 * @returns {string[]} the violations
 */
export function hardWords(root) {
  return places
    .flatMap((place) => filesIn(root, place))
    .flatMap((path) => {
      const lines = readFileSync(join(root, path), 'utf8').split('\n');
      return lines.flatMap((line, at) =>
        [...line.matchAll(words)]
          .filter((found) => !isNoWord(line, found))
          .map(
            ([word]) =>
              `${path}:${at + 1}: "${word}" stops a reader; say for example "${plainer.get(word.toLowerCase())}"`,
          ),
      );
    });
}

function isNoWord(line, { 0: word, index }) {
  // An identifier such as `noBody`.
  if (!/^[A-Z]?[a-z]+$/.test(word)) return true;
  const [before, after] = [line[index - 1] ?? '', line[index + word.length] ?? ''];
  return after === '@' || (/['"`]/.test(before) && /['"`]/.test(after));
}

function filesIn(root, place) {
  const path = join(root, place);
  if (!existsSync(path)) return [];
  const names = statSync(path).isFile()
    ? [place]
    : readdirSync(path, { recursive: true }).map((name) => join(place, name));
  return names.filter((name) => /\.(?:[cm]?[jt]s|md|sql|ya?ml|py|sh|example)$/.test(name) && !foreign.test(name));
}
