/**
 * Compiles and runs the snippets of the documents, follows every link between them, and checks that their claims have
 * tests and that each page of the docs can be reached.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkCanaries, checkClaims } from './docs/claims.mjs';
import { runCurls } from './docs/curls.mjs';
import { anchorsOf, linksOf } from './docs/links.mjs';
import { compileSnippets, runSnippets, snippetsOf } from './docs/snippets.mjs';
import { withServer } from './running-server.mjs';

const root = join(import.meta.dirname, '..');
const documents = new Map(listFiles('*.md').map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const failures = [
  ...brokenLinks(),
  ...lostPages(),
  ...incompleteReadmes(),
  ...untestedClaims(),
  ...failingSnippets(),
  ...(await failingCurls()),
];
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @returns {string[]} links to files and to headings that do not exist */
function brokenLinks() {
  const links = [...documents].flatMap(([file, text]) => linksOf(file, text).map((link) => ({ file, ...link })));
  const anchors = new Map([...documents].map(([file, text]) => [file, anchorsOf(text)]));
  console.log(`Followed ${links.length} links in ${documents.size} documents.`);
  return links.flatMap(({ file, target, path, anchor }) => {
    if (!existsSync(join(root, path))) return [`${file}: ${target} is not there`];
    const isHeading = anchor === undefined || anchors.get(path)?.has(anchor) !== false;
    return isHeading ? [] : [`${file}: ${target} has no such heading`];
  });
}

/** @returns {string[]} pages of the docs that no link leads to, from their first page on */
function lostPages() {
  const reached = new Set(['docs/index.md']);
  for (const page of reached) {
    for (const { path } of linksOf(page, documents.get(page) ?? '')) {
      if (path.startsWith('docs/') && documents.has(path)) reached.add(path);
    }
  }
  return [...documents.keys()]
    .filter((file) => file.startsWith('docs/') && !file.startsWith('docs/decisions/') && !reached.has(file))
    .map((file) => `${file}: no page that can be reached from docs/index.md has a link to it`);
}

/** @returns {string[]} parts that the README of a package lacks */
function incompleteReadmes() {
  const parts = {
    'how to install it': /^## Install/m,
    'in code how to use it': /^```ts \w+/m,
    'where to go next': /^## Where to go next$/m,
  };
  return listFiles('packages/*/package.json').flatMap((manifest) => {
    const file = join(dirname(manifest), 'README.md');
    const text = documents.get(file) ?? '';
    const missing = Object.keys(parts).filter((part) => !parts[part].test(text));
    return missing.map((part) => `${file} does not say ${part}`);
  });
}

/** @returns {string[]} claims of the threat model without their tests, and canaries that were not refused */
function untestedClaims() {
  const docs = join(root, 'docs');
  const read = (target) => {
    const file = join(docs, target);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const names = new Set(listFiles('packages/**').map((file) => basename(file)));
  const isFile = (name) => names.has(name);
  const { claims, failures } = checkClaims(readFileSync(join(docs, 'threat-model.md'), 'utf8'), read, isFile);
  console.log(`Found the tests of ${claims} claims.`);
  return [...failures, ...checkCanaries(), ...(claims === 0 ? ['The threat model claims nothing.'] : [])];
}

/** The files of the working tree that match a pattern of Git and that Git does not ignore. */
function listFiles(pattern) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', pattern], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .trim()
    .split('\n')
    .filter((file) => existsSync(join(root, file)));
}

/** @returns {string[]} what the compiler and the snippets that failed said */
function failingSnippets() {
  const folder = join(root, 'node_modules/.cache/readme');
  const all = [...documents].flatMap(([file, text]) => snippetsOf(file, text)).filter(({ how }) => how !== 'jest');
  const complaints = compileSnippets(folder, '../../../tsconfig.base.json', all);
  if (complaints !== '') return [`The documents do not compile:\n${complaints}`];
  const failed = runSnippets(folder, all);
  console.log(`Compiled ${all.length} snippets, and ran those that end.`);
  return [...failed, ...(all.length === 0 ? ['The documents have no snippet.'] : [])];
}

/** @returns {Promise<string[]>} what the commands of a document answered, if that is not as it says */
async function failingCurls() {
  const link = /X-Link: http:\/\/localhost:3000\/reset-password\?token=[\w-]{43}/;
  const expected = [
    { file: 'README.md', account: '"email":"ada@example.com"' },
    { file: 'docs/run.md', account: '"email":"grace@example.com"', link },
  ];
  const failed = [];
  await withServer(async (url, cwd) => {
    for (const { file, account, link } of expected) {
      const { count, answers } = runCurls(documents.get(file), url, cwd);
      console.log(`Ran ${count} blocks of curl in ${file}.`);
      // Both the registration and the member's own account show the address.
      const isShown = answers.split(account).length === 3;
      if (!isShown || (link !== undefined && !link.test(answers))) failed.push(`${file} was answered:\n${answers}`);
    }
  });
  return failed;
}
