import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Blocks of TypeScript with a name: `ts NAME`, or `ts NAME HOW`. */
const block = /^```ts (?<name>\w+)(?: (?<how>\w+))?\n(?<code>.*?)^```$/gms;

/** What can follow the name of a block. Without it, the block is compiled, and run by Node. */
const ways = new Set([
  // It runs until it is stopped.
  'compile',
  // It is run by vitest.
  'vitest',
  // It is compiled and run by `npm run test:jest`, which installs jest.
  'jest',
]);

/**
 * The named blocks of a document.
 *
 * @param {string} document its path from the root of the repository
 * @param {string} markdown
 * @returns {{ name: string, how: string | undefined, code: string }[]} names begin with that of the document
 */
export function snippetsOf(document, markdown) {
  const prefix = document.replace(/\.md$/, '').replaceAll('/', '-');
  return [...markdown.matchAll(block)].map(({ groups: { name, how, code } }) => {
    if (how !== undefined && !ways.has(how)) throw new Error(`${document}: no snippet can be run by "${how}"`);
    return { name: `${prefix}.${name}`, how, code };
  });
}

/**
 * Compiles snippets as modules of one strict project.
 *
 * @param {string} folder of the project; it is emptied
 * @param {Record<string, unknown>} compilerOptions in addition to those of the repository
 * @returns {string} what the compiler says; empty if they compile
 */
export function compileSnippets(folder, base, snippets, compilerOptions = {}) {
  rmSync(join(folder, 'src'), { recursive: true, force: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  for (const { name, code } of snippets) writeFileSync(join(folder, 'src', `${name}.ts`), code);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const options = { composite: false, declarationMap: false, customConditions: [], noUnusedLocals: false };
  const paths = { rootDir: 'src', outDir: 'built', ...options, ...compilerOptions };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: base, compilerOptions: paths, include: ['src'] }),
  );
  return spawnSync('tsc', ['-p', folder], { encoding: 'utf8' }).stdout;
}

/**
 * Runs compiled snippets: each by Node in an empty folder of its own, those for vitest together.
 *
 * @returns {string[]} what those that failed said
 */
export function runSnippets(folder, snippets) {
  const failures = snippets
    .filter(({ how }) => how === undefined)
    .map(({ name }) => {
      const cwd = join(folder, 'run', name);
      rmSync(cwd, { recursive: true, force: true });
      mkdirSync(cwd, { recursive: true });
      return outcome(name, spawnSync(process.execPath, [join(folder, 'built', `${name}.js`)], at(cwd)));
    });
  const forVitest = snippets.filter(({ how }) => how === 'vitest').map(({ name }) => `built/${name}.js`);
  if (forVitest.length > 0) {
    // The folder is in node_modules, where vitest looks for no tests by itself.
    const test = { include: forVitest, exclude: [] };
    writeFileSync(join(folder, 'vitest.config.js'), `export default ${JSON.stringify({ test })};`);
    failures.push(outcome('vitest', spawnSync('vitest', ['run', '--root', folder], at(folder))));
  }
  return failures.flat();
}

function at(cwd) {
  return { cwd, encoding: 'utf8', timeout: 120_000 };
}

function outcome(name, { status, stdout, stderr }) {
  return status === 0 ? [] : [`The snippet ${basename(name)} failed:\n${stdout}${stderr}`];
}
