import { mkdir, mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNotOpened } from './why-not-opened.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-why-'));
});
beforeEach(() => mkdir(join(directory, 'pgdata')));
afterEach(() => rm(directory, { recursive: true }));

const systemError = (code: string) =>
  Object.assign(new Error(`${code}: as the system says`), { code, syscall: 'write' });
const prefix = () => `The database in ${directory} cannot be opened: `;

describe('whyNotOpened', () => {
  it.each([
    ['ENOSPC', 'no space, or no inode, is left on its disk'],
    ['EDQUOT', 'the quota on its disk is used up'],
    ['EROFS', 'its file system is read-only'],
    ['EACCES', 'this user may not read or write all of it'],
    ['EIO', 'EIO: as the system says'],
  ])('says what %s means for the directory', async (code, reason) => {
    const error = systemError(code);
    expect(await whyNotOpened(directory, error)).toMatchObject({ message: prefix() + reason, cause: error });
  });

  it.each<[what: string, thrown: unknown, reason: string]>([
    ['an error of PGlite', new Error('PGlite failed'), 'PGlite failed'],
    ['an error without a message', Object.assign(new Error(), { errno: 51 }), 'PGlite gave no reason'],
    ['what is no error', { name: 'ExitStatus', status: 1 }, 'PGlite gave no reason'],
    ['nothing', undefined, 'PGlite gave no reason'],
  ])('never says undefined, for %s, and leaves nothing in the directory', async (_what, thrown, reason) => {
    expect((await whyNotOpened(directory, thrown)).message).toBe(prefix() + reason);
    expect(await readdir(directory, { recursive: true })).toEqual(['pgdata']);
  });

  it('finds the reason that PGlite does not give, by writing to the directory', async () => {
    const gone = join(directory, 'gone');
    expect((await whyNotOpened(gone, new Error('PGlite failed'))).message).toMatch(/cannot be opened: ENOENT: /);
    await rmdir(join(directory, 'pgdata'));
    await writeFile(join(directory, 'pgdata'), '');
    expect((await whyNotOpened(directory, undefined)).message).toMatch(/cannot be opened: ENOTDIR: /);
  });
});
