import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config.ts';
import { makeDirectory } from './data-directory.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sallyport-data-'));
});
afterEach(() => rm(parent, { recursive: true }));

const refusal = async (directory: string) => {
  const error = await makeDirectory(directory, 'DATA_DIR').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
};

describe('makeDirectory', () => {
  it('makes what is missing, for the owner’s eyes only, and leaves nothing in it', async () => {
    const directory = join(parent, 'srv', 'sallyport', 'data');
    await makeDirectory(directory, 'DATA_DIR');
    expect(await readdir(directory)).toEqual([]);
    for (const made of [directory, join(parent, 'srv')]) expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it('takes what is there as it is', async () => {
    const directory = join(parent, 'data');
    await mkdir(directory, { mode: 0o750 });
    await writeFile(join(directory, 'secret.key'), '');
    await makeDirectory(directory, 'DATA_DIR');
    expect(await readdir(directory)).toEqual(['secret.key']);
    expect((await stat(directory)).mode & 0o777).toBe(0o750);
  });

  it('is not in the way of others who make the same', async () => {
    const directory = join(parent, 'srv', 'data');
    await Promise.all(Array.from({ length: 20 }, () => makeDirectory(directory, 'DATA_DIR')));
    expect(await readdir(directory)).toEqual([]);
  });

  it('says so where a file is in the way', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    for (const directory of [file, join(file, 'data'), join(file, 'srv', 'data')]) {
      expect(await refusal(directory)).toMatch(/^DATA_DIR cannot be made or written to: ENOTDIR: /);
    }
  });

  it('says so where nothing can be made, and comes to an end', async () => {
    for (const directory of ['/proc', '/proc/nope', '/proc/nope/data']) {
      expect(await refusal(directory)).toMatch(/^DATA_DIR cannot be made or written to: .+ .*\/proc/);
    }
  });
});
