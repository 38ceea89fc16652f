import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Finds a program on this machine. If there is none, installs Debian's.
 *
 * @param {readonly (string | undefined)[]} known the paths where it may be, including Debian's
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
