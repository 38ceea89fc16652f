/**
 * Shows that the types refuse mistakes. Each `x.bad.ts` names in its first line the one error that it must cause. Its
 * twin `x.good.ts`, the same without the mistake, must compile. A folder is compiled with its own tsconfig.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, 'fixtures/must-not-compile');
const folders = readdirSync(root).map((name) => join(root, name));
const results = folders.map(checkFolder);
const fixtures = results.reduce((sum, result) => sum + result.fixtures, 0);
const failures = results.flatMap((result) => result.failures);
if (fixtures === 0) failures.push('No fixture was read.');

console.log(`Read ${fixtures} fixtures that must not compile.`);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @param {string} folder */
function checkFolder(folder) {
  const errors = compile(folder);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const badFiles = files.filter((file) => file.endsWith('.bad.ts'));

  // Any other error: in a good twin, or in code that the fixtures use.
  const failures = errors.filter(({ file }) => !badFiles.includes(basename(file))).map(({ text }) => text);

  for (const file of badFiles) {
    const path = join(folder, file);
    const expected = /^\/\/ (TS\d+):/.exec(readFileSync(path, 'utf8'))?.[1];
    const found = errors.filter((error) => basename(error.file) === file).map(({ code }) => code);
    if (expected === undefined) failures.push(`${path}: the first line must name the error, as // TS1234: why`);
    else if (found.join() !== expected) {
      failures.push(`${path}: expected ${expected}, the compiler says ${found.join() || 'nothing'}`);
    }
    const twin = path.replace('.bad.ts', '.good.ts');
    if (!existsSync(twin)) failures.push(`${twin}: missing, so ${file} may fail for another reason`);
  }
  return { fixtures: badFiles.length, failures };
}

/** @param {string} folder */
function compile(folder) {
  const tsc = spawnSync('tsc', ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  if (tsc.error) throw tsc.error;
  const errors = tsc.stdout.matchAll(/^(.+?)\(\d+,\d+\): error (TS\d+): .*$/gm);
  const found = [...errors].map(([text, file, code]) => ({ text, file, code }));
  // An error without a position is one of the configuration.
  if (tsc.status !== 0 && found.length === 0) throw new Error(tsc.stdout + tsc.stderr);
  return found;
}
