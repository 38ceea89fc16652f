import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const compiler = join(import.meta.dirname, '../../node_modules/.bin/tsc');

/** Declarations with more lines do not fit on a screen. */
const screen = 40;

/**
 * Compiles the package in a folder by its own tsconfig.json, but in any case strictly and with the declarations of
 * everything that it imports.
 *
 * @param {string} folder
 */
export function compile(folder) {
  run(folder, ['--strict', '--skipLibCheck', 'false']);
}

/**
 * How many types the compiler instantiates for the code of a package. The declarations of what it imports are not
 * counted: to check them costs ten times as much, whatever the code does with them.
 *
 * @param {string} folder
 * @returns {number}
 */
export function countInstantiations(folder) {
  // One checker, since several of them repeat some of the work.
  const report = run(folder, ['--noEmit', '--skipLibCheck', '--extendedDiagnostics', '--checkers', '1']);
  const found = /^Instantiations: +(\d+)$/m.exec(report)?.[1];
  if (found === undefined) throw new Error(`The compiler counts no instantiations:\n${report}`);
  return Number(found);
}

/** Runs the compiler, and returns what it reports. */
function run(folder, options) {
  const args = ['-p', folder, '--pretty', 'false', ...options];
  const { status, stdout, error } = spawnSync(compiler, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`it does not compile\n${stdout}`);
  return stdout;
}

/**
 * The exported values of a file of declarations that an editor cannot show on a screen, and how many it has in all.
 *
 * @param {string} path
 */
export function readDeclarations(path) {
  const declarations = readFileSync(path, 'utf8')
    .split(/^(?=export declare const )/m)
    .filter((text) => text.startsWith('export'));
  const long = declarations.flatMap((text) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > screen ? [`${text.slice(0, text.indexOf(':'))}: ${lines} lines, and ${screen} fit on a screen`] : [];
  });
  return { count: declarations.length, long };
}
