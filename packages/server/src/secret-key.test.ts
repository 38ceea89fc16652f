import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config.ts';
import { generateSecretKey, keptSecretKey } from './secret-key.ts';

let parent: string;
let directory: string;
let file: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sallyport-secret-'));
  directory = join(parent, 'data');
  file = join(directory, 'secret.key');
});
afterEach(() => rm(parent, { recursive: true }));

const permissions = async (path: string) => (await stat(path)).mode & 0o777;

describe('generateSecretKey', () => {
  it('draws 256 random bits', () => {
    expect(generateSecretKey()).toMatch(/^[\w-]{43}$/);
    expect(generateSecretKey()).not.toBe(generateSecretKey());
  });
});

describe('keptSecretKey', () => {
  it('makes a secret for the owner’s eyes only, where there is none, and says where', async () => {
    const { value, generatedIn } = await keptSecretKey(directory);
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(generatedIn).toBe(file);
    expect(await readFile(file, 'utf8')).toBe(`${value}\n`);
    expect([await permissions(file), await permissions(directory)]).toEqual([0o600, 0o700]);
    expect(await readdir(directory)).toEqual(['secret.key']);
  });

  it('finds it again', async () => {
    const { value } = await keptSecretKey(directory);
    expect(await keptSecretKey(directory)).toEqual({ value });
  });

  it('gives one and the same to all who ask at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => keptSecretKey(directory)));
    expect(new Set(keys.map(({ value }) => value)).size).toBe(1);
    expect(await readFile(file, 'utf8')).toBe(`${keys[0]?.value}\n`);
    expect(await readdir(directory)).toEqual(['secret.key']);
  });

  it('takes the access of others away from a file that was copied with another mode, and not from where a link leads', async () => {
    await keptSecretKey(directory);
    await chmod(file, 0o644);
    await keptSecretKey(directory);
    expect(await permissions(file)).toBe(0o600);
    await rename(file, join(parent, 'mounted'));
    await chmod(join(parent, 'mounted'), 0o640);
    await symlink(join(parent, 'mounted'), file);
    await keptSecretKey(directory);
    expect(await permissions(file)).toBe(0o640);
  });

  it('says which file it cannot read', async () => {
    await mkdir(file, { recursive: true });
    const refusal = await keptSecretKey(directory).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigError);
    expect(refusal).toMatchObject({ message: expect.stringContaining(`${file} cannot be read: EISDIR: `) });
  });

  it('refuses a file of random bytes, of which different ones would be the same text', async () => {
    await keptSecretKey(directory);
    await writeFile(file, Buffer.alloc(64, 0xff));
    const message = `The secret key in ${file} must be text in UTF-8: openssl rand -base64 32 makes one`;
    await expect(keptSecretKey(directory)).rejects.toMatchObject({ name: 'ConfigError', message });
  });

  it('refuses a file with too little in it, of which keys could be guessed', async () => {
    await keptSecretKey(directory);
    for (const short of ['', '\n', 'x'.repeat(31)]) {
      await writeFile(file, short);
      const refusal = await keptSecretKey(directory).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigError);
      expect(refusal).toMatchObject({ message: `The secret key in ${file} must be at least 32 bytes long` });
    }
  });
});
