import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;

/** The root of the repository. */
export const root = join(here, '..');

/** The command of Changesets, once the tools are installed. */
export const changesets = join(here, 'node_modules/@changesets/cli/bin.js');

/** Installs the tools of this folder, if that is not yet done. */
export function installTools() {
  const installed = join(here, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(here, 'package-lock.json')).mtimeMs) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--prefer-offline'], { cwd: here, stdio: ['ignore', 2, 'inherit'] });
}

/** Builds the packages, and installs the tools. */
export function prepare() {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  installTools();
}
