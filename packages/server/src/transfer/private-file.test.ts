import { execFileSync } from 'node:child_process';
import { link, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPrivate, writePrivate } from './private-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-private-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('a private file replaces one that others could read, once it is complete', async () => {
  const path = join(folder, 'export.ndjson');
  await writeFile(path, 'before', { mode: 0o644 });
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

/** Ends a stream with this text, and waits until it is written. */
async function finish(stream: Writable, text: string): Promise<void> {
  stream.end(text);
  await once(stream, 'close');
}

it.each(['a link', 'a file of another owner'])(
  'a private file has a name of its own until it is complete, beside %s',
  async (planted) => {
    const [path, other] = [join(folder, 'export.ndjson'), join(folder, 'other')];
    await writeFile(other, 'before');
    await (planted === 'a link' ? symlink : link)(other, `${path}.partial`);
    await writePrivate(path, (stream) => finish(stream, 'hashes'));
    expect([await readFile(other, 'utf8'), await readFile(path, 'utf8')]).toEqual(['before', 'hashes']);
  },
);

it('two private files of one name at once do not mix', async () => {
  const path = join(folder, 'export.ndjson');
  const texts = ['a', 'b'].map((letter) => letter.repeat(100_000));
  await Promise.all(texts.map((text) => writePrivate(path, (stream) => finish(stream, text))));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['export.ndjson']);
});

it.each([
  ['a link', symlink],
  ['a file', link],
])('a private file that is opened at once replaces %s, and writes nothing to it', async (_, plant) => {
  const [path, other] = [join(folder, 'refused.ndjson'), join(folder, 'other')];
  await writeFile(other, 'before', { mode: 0o644 });
  await plant(other, path);
  await finish(await openPrivate(path), 'after');
  expect([await readFile(other, 'utf8'), await readFile(path, 'utf8')]).toEqual(['before', 'after']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).toSorted()).toEqual(['other', 'refused.ndjson']);
});

describe.each([
  ['writePrivate', (path: string, text: string) => writePrivate(path, (stream) => finish(stream, text))],
  ['openPrivate', async (path: string, text: string) => finish(await openPrivate(path), text)],
])('%s', (_, write) => {
  it('writes to a pipe, which stays one', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const [read] = await Promise.all([readFile(path, 'utf8'), write(path, 'through')]);
    expect([read, (await stat(path)).isFIFO()]).toEqual(['through', true]);
  });

  it('writes behind what a descriptor of this process has written', async () => {
    const file = await open(join(folder, 'out'), 'a');
    await file.write('before ');
    await write(`/dev/fd/${file.fd}`, 'after');
    await file.close();
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('before after');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('says that a directory is one', async () => {
    await expect(write(folder, 'x')).rejects.toThrow(`${folder} is a directory`);
  });
});
