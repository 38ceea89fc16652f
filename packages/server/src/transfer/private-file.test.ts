import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePrivate } from './private-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-private-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('a private file replaces one that others could read, once it is complete', async () => {
  const path = join(folder, 'export.ndjson');
  await writeFile(path, 'before', { mode: 0o644 });
  await writeFile(`${path}.partial`, 'left by a command that was killed', { mode: 0o644 });
  await writePrivate(path, async (stream) => {
    stream.end('after');
    await once(stream, 'finish');
    expect(await readFile(path, 'utf8')).toBe('before');
  });
  expect(await readFile(path, 'utf8')).toBe('after');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['export.ndjson']);
});

it('a private file that cannot be completed leaves the one that was there', async () => {
  const path = join(folder, 'export.ndjson');
  await writeFile(path, 'before');
  const failing = writePrivate(path, async (stream) => {
    stream.write('half');
    throw new Error('The database is away');
  });
  await expect(failing).rejects.toThrow('The database is away');
  expect([await readdir(folder), await readFile(path, 'utf8')]).toEqual([['export.ndjson'], 'before']);
});
