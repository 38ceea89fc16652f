import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * A program of this machine; Debian's, installed if there is none.
 *
 * @param {readonly (string | undefined)[]} known where it may be, Debian's place among them
 * @param {string} debianPackage
 */
export function findProgram(known, debianPackage) {
  const find = () => known.find((path) => path && existsSync(path));
  const found = find();
  if (found) return found;
  const run = (...command) => execFileSync('apt-get', command, { stdio: ['ignore', 'ignore', 'inherit'] });
  run('update', '-qq');
  run('install', '-y', '-qq', '--no-install-recommends', debianPackage);
  return find();
}
