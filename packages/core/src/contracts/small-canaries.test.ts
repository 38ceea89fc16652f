import { createHash } from 'node:crypto';
import { PlainPasswordHasher, SequentialSecrets } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { changed, failedCases } from '../../test/canaries.ts';
import type { PasswordHasher } from '../index.ts';
import { commonPasswordsContract, passwordHasherContract, secretGeneratorContract } from './index.ts';

describe('The contract of hashers', () => {
  const plain = new PlainPasswordHasher();
  let hashes = 0;
  const brokenBy = (methods: Partial<PasswordHasher>) =>
    failedCases(passwordHasherContract(() => changed<PasswordHasher>(plain, methods)));

  it('fails a hasher that cuts passwords at 72 bytes', async () => {
    const cut = (password: string) => Buffer.from(password.normalize('NFC')).subarray(0, 72).toString('latin1');
    const truncating = brokenBy({
      hash: (password) => plain.hash(cut(password)),
      verify: (password, hash) => plain.verify(cut(password), hash),
    });
    expect(await truncating).toEqual(['faithful: every character of a long password counts']);
  });

  it('fails a hasher that hashes each form of a password as another one', async () => {
    const exact = brokenBy({
      hash: async (password) => `plain:${(hashes += 1)}:${password}`,
      verify: async (password, hash) => /^plain:\d+:(.*)$/s.exec(hash ?? '')?.[1] === password,
    });
    expect(await exact).toEqual(['faithful: a password is the same composed and decomposed']);
  });

  it('fails a hasher that takes characters that look alike for one', async () => {
    const alike = brokenBy({
      hash: (password) => plain.hash(password.normalize('NFKC')),
      verify: (password, hash) => plain.verify(password.normalize('NFKC'), hash),
    });
    expect(await alike).toEqual(['faithful: a password is the same composed and decomposed']);
  });

  it('fails a hasher without salt', async () => {
    expect(await brokenBy({ hash: async (password) => `plain:1:${password.normalize('NFC')}` })).toEqual([
      'unique: two hashes of one password differ',
    ]);
  });

  it('fails a hasher that accepts any password where there is no hash', async () => {
    expect(await brokenBy({ verify: async (password, hash) => !hash || plain.verify(password, hash) })).toEqual([
      'faithful: no password is verified without a hash, or by a malformed one',
    ]);
  });
  it.each([
    ['accepts every hash', true],
    ['accepts none', false],
  ])('fails a hasher that %s', async (_, accepts) => {
    expect(await brokenBy({ accepts: () => accepts })).toEqual([
      'faithful: a hash of today is accepted, and a malformed one is not',
    ]);
  });
});

describe('The contract of secrets', () => {
  it('fails a generator that repeats a session id', async () => {
    const same = () => changed(new SequentialSecrets(), { sessionId: () => 'A'.repeat(22) });
    expect(await failedCases(secretGeneratorContract(same))).toEqual([
      'unique: no session id and no one-time token is generated twice',
    ]);
  });

  it.each<[string, string, (text: string) => string]>([
    [
      'whose keyed digest has no key',
      'isolated: a keyed digest is not that of an instance with another secret, nor the digest of a token',
      (text) => createHash('sha256').update(text).digest('base64url'),
    ],
    [
      'whose keyed digest has another key each time',
      'faithful: a keyed digest is short, the same each time, and another for another text',
      (text) => new SequentialSecrets().keyedDigest(text),
    ],
  ])('fails a generator %s', async (_, broken, keyedDigest) => {
    const open = () => changed(new SequentialSecrets(), { keyedDigest });
    expect(await failedCases(secretGeneratorContract(open))).toEqual([broken]);
  });
});

describe('The contract of common passwords', () => {
  it('fails a list that has one spelling of each', async () => {
    const exact = { includes: async (password: string) => ['password1', 'qwerty123'].includes(password) };
    expect(await failedCases(commonPasswordsContract(() => exact))).toEqual([
      'faithful: the passwords that attackers try first are common, in upper and lower case',
    ]);
  });
});
