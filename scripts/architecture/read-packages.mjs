import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource } from './read-source.mjs';

/**
 * @typedef {object} Package
 * @property {string} name its folder's name
 * @property {string} folder
 * @property {Record<string, any>} manifest
 * @property {Map<string, import('./read-source.mjs').Source>} sources by path, tests aside
 */

/**
 * The packages in a folder, with everything that they publish.
 *
 * @param {string} folder
 * @returns {Package[]}
 */
export function readPackages(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')));
  return names.map((name) => readPackage(name, join(folder, name)));
}

/** @returns {Package} */
function readPackage(name, folder) {
  const paths = ['src', 'bin']
    .filter((part) => existsSync(join(folder, part)))
    .flatMap((part) => readdirSync(join(folder, part), { recursive: true }).map((path) => join(folder, part, path)))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.test\.[cm]?[jt]sx?$/.test(path));
  return {
    name,
    folder,
    manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    sources: new Map(paths.map((path) => [path, readSource(path, readFileSync(path, 'utf8'))])),
  };
}

/** `@scope/name` of `@scope/name/part`. */
export function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
