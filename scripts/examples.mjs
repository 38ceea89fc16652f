/**
 * Shows that others can build on the packages as they are published. It packs them, installs them with each example in
 * an empty folder, compiles the example strictly, and runs its test against a database of its own. Names of examples
 * may follow. Every command of the installed server runs from its bundle. An example may not cost the compiler more than its budget, and what a host works with must have types that
 * fit on a screen.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { compile, countInstantiations, readDeclarations } from './examples/compile.mjs';
import { checkServer } from './examples/installed-server.mjs';
import { entryPointsOf, packAll } from './packages/pack.mjs';
import { withRegistry } from './packages/registry.mjs';
import { install } from './packages/run.mjs';
import { withPostgres } from './postgres.mjs';

/** How many types the compiler may instantiate for an example: what was measured, and a quarter more. */
const budgets = { 'without-posts': 9_100, comments: 30_700, embedded: 35_500 };

const root = join(import.meta.dirname, '..');
const hover = join(import.meta.dirname, 'fixtures/examples/hover.ts');
const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(budgets);
const failures = [];

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'sallyport-examples-'));
try {
  const packages = packAll(root, work);
  await withRegistry(packages, async (env) => {
    const installed = await attempt('entry points', () => checkEntryPoints(packages, env));
    if (installed !== undefined) await attempt('server', () => checkServer(installed));
    await withPostgres(async (url) => {
      for (const name of names) {
        const folder = await attempt(name, () => build(name, env));
        if (folder !== undefined) await inDatabase(url, name, (own) => attempt(name, () => test(folder, own)));
      }
    });
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** Runs a step. If it fails, the other steps still run. */
async function attempt(name, step) {
  try {
    return await step();
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
    return undefined;
  }
}

/** Compiles and imports every entry point of every package, in a folder that depends on nothing else. */
async function checkEntryPoints(packages, env) {
  const folder = join(work, 'entry-points');
  mkdirSync(join(folder, 'src'), { recursive: true });
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  const devDependencies = { '@types/node': '20.19.43' };
  const manifest = { name: 'entry-points', private: true, type: 'module', dependencies, devDependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  cpSync(join(root, 'examples/comments/tsconfig.json'), join(folder, 'tsconfig.json'));
  await install(folder, env);
  const entries = packages.flatMap(entryPointsOf);
  const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}';\n`);
  writeFileSync(join(folder, 'src/index.ts'), lines.join(''));
  compile(folder);
  execFileSync(process.execPath, ['dist/index.js'], { cwd: folder, stdio: 'inherit' });
  console.log(`Compiled and imported ${entries.length} entry points of ${packages.length} packages.`);
  return folder;
}

/** Installs and compiles an example in a folder of its own. */
async function build(name, env) {
  const folder = join(work, name);
  const isOurs = (path) => !['node_modules', 'dist'].includes(basename(path));
  cpSync(join(root, 'examples', name), folder, { recursive: true, filter: isOurs });
  await install(folder, env);
  compile(folder);
  const [count, budget] = [countInstantiations(folder), budgets[name]];
  console.log(`${name}: the compiler instantiates ${count} types, of at most ${budget}`);
  if (count > budget) failures.push(`${name}: the compiler instantiates ${count} types, more than ${budget}`);
  if (name === 'comments') checkHover(folder);
  return folder;
}

function checkHover(folder) {
  cpSync(hover, join(folder, 'src/hover.ts'));
  compile(folder);
  const { count, long } = readDeclarations(join(folder, 'dist/hover.d.ts'));
  console.log(`Read ${count} declarations.`);
  failures.push(...long);
}

/** Runs the test of an example. */
function test(folder, url) {
  const { status } = spawnSync('npm', ['test', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DATABASE_URL: url },
  });
  if (status !== 0) throw new Error('its test failed');
}

/** Runs `use` with a database that is removed afterwards. */
async function inDatabase(url, name, use) {
  const database = `example_${name.replaceAll('-', '_')}_${process.pid}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${database}`);
    const own = new URL(url);
    own.pathname = `/${database}`;
    await use(own.href);
  } finally {
    await client.query(`drop database if exists ${database} with (force)`);
    await client.end();
  }
}
