import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package as it would be published.
 *
 * @typedef {{ readonly name: string, readonly version: string, readonly tarball: string }} Packed
 */

/**
 * Packs all packages of this repository into a folder.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {readonly Packed[]}
 */
export function packAll(root, folder) {
  const args = ['pack', '--workspaces', '--json', '--loglevel=error', '--pack-destination', folder];
  const packed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }));
  return packed.map(({ name, version, filename }) => ({
    name,
    version,
    tarball: join(folder, filename.replace('@', '').replace('/', '-')),
  }));
}

/**
 * Installs what the package in a folder depends on: the packed packages in place of their versions, everything else as
 * npm is configured on this machine.
 *
 * @param {string} folder
 * @param {readonly Packed[]} packages
 */
export function install(folder, packages) {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
  for (const { name, version } of packages) {
    const asked = manifest.dependencies[name];
    if (asked === undefined) continue;
    if (asked !== version) throw new Error(`${manifest.name} depends on ${name} ${asked}, which is at ${version}`);
    manifest.dependencies[name] = tarballs[name];
  }
  // The packages depend on each other by version.
  writeFileSync(path, JSON.stringify({ ...manifest, overrides: tarballs }));
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefer-offline', ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/**
 * The entry points of an installed package: `@scope/name` and `@scope/name/part`.
 *
 * @param {string} folder where it is installed
 * @param {string} name
 * @returns {readonly string[]}
 */
export function entryPointsOf(folder, name) {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
  return Object.keys(manifest.exports).map((entry) => name + entry.slice(1));
}
