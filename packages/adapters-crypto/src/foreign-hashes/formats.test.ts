import { describe, expect, it } from 'vitest';
import { vectors } from '../../test/foreign-hashes.ts';
import { bcrypt, type ForeignHashFormat, foreignHashFormats } from './index.ts';

const formats = Object.values(foreignHashFormats).map((create) => create());
const named = (name: string) => formats.find((format) => format.name === name) as ForeignHashFormat;

async function matches(format: ForeignHashFormat, password: string, hash: string): Promise<boolean> {
  const reading = format.read(hash);
  if (!reading || 'refusal' in reading) throw new Error(`Not read: ${hash}`);
  return reading.check(password);
}

describe('The formats of foreign hashes', () => {
  it('are known by the names that select them', () => {
    expect(formats.map(({ name }) => name)).toEqual(Object.keys(foreignHashFormats));
  });

  it.each(vectors)('verify %s of %s: %j', async (format, _source, password, hash) => {
    expect(await matches(named(format), password, hash)).toBe(true);
  });

  it.each(formats.map(({ name }) => name))('refuse a wrong password: %s', async (name) => {
    const [, , password, hash] = vectors.find(([format]) => format === name)!;
    expect(await matches(named(name), `${password}x`, hash)).toBe(false);
  });

  it.each(vectors)('leave a hash to the one format that it is of: %s of %s: %j', (format, _source, _password, hash) => {
    expect(formats.filter((one) => one.read(hash)).map(({ name }) => name)).toEqual([format]);
  });

  it.each(vectors)(
    'read a hash that was cut or changed without a throw: %s of %s: %j',
    (format, _source, _password, hash) => {
      const { read } = named(format);
      expect(read(`${hash}!`)).toBeUndefined();
      expect(read(hash.repeat(100))).toBeUndefined();
      for (let at = 0; at < hash.length; at += 1) {
        read(hash.slice(0, at));
        for (const other of ['$', '9', '\u00e9', '']) read(`${hash.slice(0, at)}${other}${hash.slice(at + 1)}`);
      }
    },
  );

  it.each([
    [
      'bcrypt',
      'bcrypt',
      '$2b$31$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG',
      '31 (the logarithm of its rounds), and at most 12',
    ],
    ['passlib', 'bcrypt', '$bcrypt-sha256$v=2,t=2b,r=31$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS', '31 '],
    [
      '4 GiB',
      'argon2',
      '$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$gwQOXSNhxiOxPOA0+PY10P9QFO4NAYysnqRt1GSQLE4',
      '4096 MiB',
    ],
    [
      'passes',
      'argon2',
      '$argon2id$v=19$m=65536,t=4294967295,p=1$c29tZXNhbHQ$gwQOXSNhxiOxPOA0+PY10P9QFO4NAYysnqRt1GSQLE4',
      '274877906880 MiB',
    ],
    [
      'memory',
      'scrypt',
      '$scrypt$ln=24,r=8,p=1$wlhLyXmP8b53bm1NKYVQqg$mTpvG8lzuuDk+DWz8HZIB6Vum6erDuUm0As5yU+VxWA',
      '16384 MiB',
    ],
    [
      'the largest numbers',
      'scrypt',
      '$scrypt$ln=99,r=9999,p=9999$wlhLyXmP8b53bm1NKYVQqg$mTpvG8lzuuDk+DWz8HZIB6Vum6erDuUm0As5yU+VxWA',
      '7.7',
    ],
    [
      'iterations',
      'pbkdf2',
      'pbkdf2_sha256$999999999$H0dPx8NeajVu$GiC4k5kqbbR9qWBlsRgDywNqC2vd9kqfk7zdorEnNas=',
      '999999999 iterations',
    ],
    ['a long key', 'pbkdf2', `pbkdf2:sha256:100000$salt$${'ab'.repeat(512)}`, '1600000 iterations'],
    [
      'memory',
      'firebase-scrypt',
      `$fbscrypt$v=1,n=20,r=8,p=1,ss=Bw==,sk=${'A'.repeat(88)}$42xEC+ixf3L2lw==$${'A'.repeat(88)}`,
      '1024 MiB',
    ],
    ['rounds', 'phpass', '$P$S12345678L6Lpt4BxNotVIMILOa9u81', '30 '],
    [
      'rounds',
      'sha-crypt',
      '$5$rounds=999999999$IbG0EuGQXw5EkMdP$LQ5AfPf13KufFsKtmazqnzSGZ4pxtUNw3woQ.ELRDF4',
      '999999999 rounds',
    ],
  ])('refuse too high a cost, and say which: %s of %s', (_what, name, hash, words) => {
    expect(named(name).read(hash)).toEqual({ refusal: expect.stringContaining(`its cost is ${words}`) });
  });

  it('accept a higher cost where the bound is raised, and measure for it', () => {
    const hash = '$2b$14$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG';
    expect(bcrypt().read(hash)).toHaveProperty('refusal');
    expect(bcrypt({ max: 14 }).read(hash)).toHaveProperty('check');
    expect(bcrypt({ max: 14 }).probe.times).toBe(4 * bcrypt().probe.times);
    expect(() => bcrypt({ max: 17 })).toThrow(new RangeError('max of bcrypt must be a whole number from 4 to 16'));
  });

  it.each(formats)('make their probe: $name', async ({ probe }) => {
    await probe.run();
    expect(probe.times).toBeGreaterThan(1);
  });
});

describe('bcrypt', () => {
  // passlib 1.7.4, tests/test_handlers_bcrypt.py: the bytes after the 72nd never counted.
  const digits = '0123456789'.repeat(26);
  const hash = '$2a$04$R1lJ2gkNaoPGdafE.H.16.1MKHPvmKwryeulRe225LKProWYwt9Oi';

  it.each([72, 73, 254, 255, 256, 257])('ignores what follows the 72nd byte, in a password of %d', async (length) => {
    expect(await matches(bcrypt(), digits.slice(0, length), hash)).toBe(true);
  });

  it('counts the 72nd byte, and all bytes where the password is hashed before', async () => {
    expect(await matches(bcrypt(), digits.slice(0, 71), hash)).toBe(false);
    // passlib 1.7.4: 72 bytes, and two longer passwords with the same beginning.
    const long = 'abc123'.repeat(12);
    const salted = '$bcrypt-sha256$v=2,t=2b,r=5$X1g1nh3g0v4h6970O68cxe$';
    expect(await matches(bcrypt(), long, `${salted}zu1cloESVFIOsUIo7fCEgkdHaI9SSue`)).toBe(true);
    expect(await matches(bcrypt(), `${long}qwr`, `${salted}CBF9csfEdW68xv3DwE6xSULXMtqEFP.`)).toBe(true);
    expect(await matches(bcrypt(), `${long}qwr`, `${salted}zu1cloESVFIOsUIo7fCEgkdHaI9SSue`)).toBe(false);
  });

  it('refuses the faulty $2x$, and says why', () => {
    const faulty = '$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e';
    expect(bcrypt().read(faulty)).toEqual({ refusal: expect.stringContaining('$2x$') });
  });
});
