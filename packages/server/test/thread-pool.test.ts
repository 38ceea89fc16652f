import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { eachInADirectory } from './sallyport-process.ts';

const { path, end } = eachInADirectory();

const report = `process.on('exit', () => process.stderr.write('threads: ' + process.env.UV_THREADPOOL_SIZE));`;
const enlarged = String(Math.max(4, availableParallelism() + 2));

it.each<[what: string, file: string, option: string, environment: Record<string, string>, size: string | undefined]>([
  ['is enlarged by the launcher', 'report.cjs', '--require', {}, enlarged],
  ['keeps its usual size if a module was loaded before', 'report.mjs', '--import', {}, undefined],
  ['has the size of the environment', 'report.mjs', '--import', { UV_THREADPOOL_SIZE: '7' }, '7'],
])('the thread pool %s', async (_, file, option, environment, size) => {
  await writeFile(path(file), report);
  const options = { NODE_OPTIONS: `${option} ${path(file)}`, ...environment };
  expect(await end(['--version'], options)).toMatchObject({ code: 0, stderr: `threads: ${size}` });
});
