import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

/**
 * @typedef {object} Source
 * @property {string} path from the root
 * @property {boolean} isShipped whether it is part of a package
 * @property {import('oxc-parser').Program} program
 * @property {(node: { start: number }) => number} lineOf
 */

/**
 * The published sources of the packages under `root`, and the scripts, without tests and fixtures.
 *
 * @param {string} root
 * @returns {Source[]}
 */
export function readSources(root) {
  const packages = existsSync(join(root, 'packages')) ? readdirSync(join(root, 'packages')) : [];
  const shipped = packages.flatMap((name) => ['src', 'bin'].map((part) => join('packages', name, part)));
  return [...shipped, 'scripts'].flatMap((folder) =>
    filesIn(root, folder).map((path) => readSource(root, path, folder !== 'scripts')),
  );
}

function filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((path) => join(folder, path))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.test\.[cm]?[jt]sx?$/.test(path))
    .filter((path) => relative('scripts/fixtures', path).startsWith('..'));
}

/** @returns {Source} */
function readSource(root, path, isShipped) {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  return { path, isShipped, program, lineOf: ({ start }) => text.slice(0, start).split('\n').length };
}
