/**
 * Compiles and runs the snippets of the READMEs of the repository and of each package, follows every link between the documents, and checks that their claims
 * have tests.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkCanaries, checkClaims } from './docs/claims.mjs';
import { withServer } from './running-server.mjs';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

const failures = [
  ...brokenLinks(),
  ...incompleteReadmes(),
  ...untestedClaims(),
  ...runSnippets(),
  ...(await runCurls()),
];
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @returns {string[]} links to files that do not exist */
function brokenLinks() {
  const files = listFiles('*.md');
  const links = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => ({ file, target, path: pathOf(file, target) }))
      .filter(({ path }) => path !== undefined),
  );
  console.log(`Followed ${links.length} links in ${files.length} documents.`);
  return links
    .filter(({ path }) => !existsSync(join(root, path)))
    .map(({ file, target }) => `${file}: ${target} is not there`);
}

/** The path of what a link leads to, if that is a file of this repository. Published pages name it by its URL. */
function pathOf(file, target) {
  const published = /^https:\/\/github\.com\/sallyport\/sallyport\/(?:blob|tree)\/main\/(.+)$/.exec(target);
  if (published) return published[1];
  return /^[a-z]+:/.test(target) ? undefined : join(dirname(file), decodeURIComponent(target));
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
    const text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
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

/**
 * Compiles each block of TypeScript that has a name, as a module of its own project, and runs it, unless `compile`
 * follows its name: such a block runs until it is stopped.
 */
function runSnippets() {
  const readmes = listFiles('packages/*/README.md').map((file) => readFileSync(join(root, file), 'utf8'));
  const snippets = [readme, ...readmes].flatMap((text) => [
    ...text.matchAll(/^```ts (?<name>\w+)(?<only> compile)?\n(?<code>.*?)^```$/gms),
  ]);
  const folder = join(root, 'node_modules/.cache/readme');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { groups } of snippets) writeFileSync(join(folder, `${groups.name}.ts`), groups.code);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../tsconfig.base.json',
      compilerOptions: { composite: false, declarationMap: false, customConditions: [], noUnusedLocals: false },
    }),
  );

  const compiled = spawnSync('tsc', ['-p', folder], { encoding: 'utf8' });
  if (compiled.status !== 0) return [`The READMEs do not compile:\n${compiled.stdout}`];
  const runnable = snippets.filter(({ groups }) => groups.only === undefined).map(({ groups }) => groups.name);
  const ran = runnable.map((name) => ({
    name,
    ...spawnSync(process.execPath, [`${name}.js`], { cwd: folder, encoding: 'utf8', timeout: 60_000 }),
  }));
  console.log(`Compiled ${snippets.length} snippets, and ran ${ran.length}.`);
  if (ran.length === 0) return ['The READMEs have no snippet.'];
  return ran
    .filter(({ status }) => status !== 0)
    .map(({ name, stdout, stderr }) => `The snippet ${name} failed:\n${stdout}${stderr}`);
}

/** Runs the curl commands, unchanged except for the port. */
async function runCurls() {
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code);
  const curls = blocks.filter((code) => /\bcurl\b/.test(code));
  const said = [];
  await withServer(async (url, cwd) => {
    for (const code of curls) {
      const script = code.replaceAll('http://localhost:3000', url);
      const { stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, encoding: 'utf8' });
      said.push(stdout + stderr);
    }
  });
  console.log(`Ran ${curls.length} blocks of curl.`);
  const answers = said.join('\n');
  const isAsShown =
    answers.match(/"email":"ada@example\.com"/g)?.length === 2 &&
    /X-Link: http:\/\/localhost:3000\/reset-password\?token=[\w-]{43}/.test(answers);
  return isAsShown ? [] : [`The curls answered:\n${answers}`];
}
