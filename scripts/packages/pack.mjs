import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * A package as it would be published: its manifest, the paths of its files, and its sizes in bytes.
 *
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} version
 * @property {Record<string, any>} manifest as the tarball contains it
 * @property {string} tarball
 * @property {string} integrity
 * @property {readonly string[]} files
 * @property {number} packedSize
 * @property {number} unpackedSize
 */

/**
 * Packs all packages of this repository into a folder. They must have been built.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {readonly Packed[]}
 */
export function packAll(root, folder) {
  const args = ['pack', '--workspaces', '--json', '--loglevel=error', '--pack-destination', folder];
  const packed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
  return packed.map(({ name, version, filename, integrity, files, size, unpackedSize }) => {
    const tarball = join(folder, filename.replace('@', '').replace('/', '-'));
    const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
    const paths = files.map(({ path }) => path);
    return { name, version, manifest, tarball, integrity, files: paths, packedSize: size, unpackedSize };
  });
}

/**
 * The entry points of a package: `@scope/name` and `@scope/name/part`.
 *
 * @param {Packed} packed
 * @returns {readonly string[]}
 */
export function entryPointsOf({ name, manifest }) {
  return Object.keys(manifest.exports).map((entry) => name + entry.slice(1));
}
