import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const bench = join(import.meta.dirname, '..');
const root = join(bench, '..');

/** Builds the packages, and installs the contestants if that is not yet done. */
export function prepare() {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const installed = join(bench, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(bench, 'package-lock.json')).mtimeMs)
    return;
  console.error('Installing what Sallyport is measured against …');
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: bench, stdio: ['ignore', 2, 'inherit'] });
}
