import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ListedCommonPasswords } from './common-passwords.ts';

const commonPasswords = new ListedCommonPasswords();

describe('ListedCommonPasswords', () => {
  it.each(['password', 'password1', 'Password1', 'PASSWORD1', 'qwerty123', 'QwErTy123', '123456', 'brady'])(
    'includes %s',
    async (password) => {
      expect(await commonPasswords.includes(password)).toBe(true);
    },
  );

  it.each([
    ['a password that is not common', 'newsecret456'],
    ['another', 'secret123'],
    ['nothing', ''],
    ['a part of a line', 'assword1'],
    ['a line with a space', 'password1 '],
    ['two neighbouring lines', '123456\npassword'],
    ['a line with its end', 'password\n'],
    ['a regular expression', 'passwor.'],
    ['a name that every object has', '__proto__'],
  ])('does not include %s', async (_what, password) => {
    expect(await commonPasswords.includes(password)).toBe(false);
  });

  it('lists 10,000 passwords in lower case, each once', async () => {
    const text = await readFile(new URL('../data/common-passwords.txt', import.meta.url), 'utf8');
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.length).toBe(10_000);
    expect(new Set(lines).size).toBe(10_000);
    expect(lines.filter((line) => line !== line.toLowerCase() || !/^[!-~]+$/.test(line))).toEqual([]);
  });
});
