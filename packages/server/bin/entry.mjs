import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Runs the command line, and ends the process with its exit status. */
export async function run() {
  const { main } = await import(pathToFileURL(entryOf(join(import.meta.dirname, '..'))).href);
  process.exit(await main(process.argv.slice(2)));
}

/**
 * The module of the command line: that of the bundle, or the compiled one if the bundle is missing or older than what
 * it was made from. A published bundle has no record of that, because it was published together with it.
 *
 * @param {string} server the directory of the package
 * @returns {string} an absolute path
 */
export function entryOf(server) {
  return join(server, isCurrent(join(server, 'dist/bundle'), server) ? 'dist/bundle/cli.js' : 'dist/cli.js');
}

/**
 * Identifies what a bundle is made from. Every compilation of a package and every installation of dependencies changes
 * it.
 *
 * @param {string} server the directory of the package, within the repository
 * @returns {string}
 */
export function compiledState(server) {
  const packages = join(server, '..');
  const compiled = readdirSync(packages).map((name) => join(packages, name, 'dist/.tsbuildinfo'));
  const others = [join(server, 'bundle.mjs'), join(packages, '../node_modules/.package-lock.json')];
  return [...compiled, ...others].map(modifiedAt).join('\n');
}

function isCurrent(bundle, server) {
  if (modifiedAt(join(bundle, 'cli.js')) === undefined) return false;
  const record = join(bundle, 'made-from.txt');
  return modifiedAt(record) === undefined || readFileSync(record, 'utf8') === compiledState(server);
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
