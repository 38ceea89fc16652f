import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Runs the command line, and ends the process with its exit status. */
export async function run() {
  const isBundled = hasCurrentBundle(join(import.meta.dirname, '..'));
  const { main } = await (isBundled ? import('../dist/bundle/cli.js') : import('../dist/cli.js'));
  process.exit(await main(process.argv.slice(2)));
}

/**
 * Whether the bundle of the command line is as new as what it was made from. A published bundle has no record of that,
 * because it was published together with it.
 *
 * @param {string} server the directory of the package
 */
export function hasCurrentBundle(server) {
  const bundle = join(server, 'dist/bundle');
  if (modifiedAt(join(bundle, 'cli.js')) === undefined) return false;
  const record = join(bundle, 'made-from.txt');
  return modifiedAt(record) === undefined || readFileSync(record, 'utf8') === compiledState(server);
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

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
