import { hash as argon2 } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from './argon2-password-hasher.ts';

const hasher = new Argon2PasswordHasher();
const password = 'correct horse battery staple';
const hash = await hasher.hash(password);

describe('Argon2PasswordHasher', () => {
  it('makes PHC strings of argon2id with 19 MiB, two passes and one lane', () => {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('salts: one password has many hashes', async () => {
    expect(await hasher.hash(password)).not.toBe(hash);
  });

  it('tells the password from every other one', async () => {
    expect(await hasher.verify(password, hash)).toBe(true);
    expect(await hasher.verify(`${password} `, hash)).toBe(false);
    expect(await hasher.verify(password.toUpperCase(), hash)).toBe(false);
    expect(await hasher.verify('', hash)).toBe(false);
  });

  it.each([
    ['the 73rd byte (CVE-2025-22228)', 'x'.repeat(72), 'x'.repeat(73)],
    ['the last of 128 emoji', '🔑'.repeat(128), `${'🔑'.repeat(127)}🔒`],
    ['what follows a NUL', 'before\0after', 'before\0other'],
    ['a space in front', ' password', 'password'],
  ])('counts %s', async (_what, one, other) => {
    const itsHash = await hasher.hash(one);
    expect(await hasher.verify(one, itsHash)).toBe(true);
    expect(await hasher.verify(other, itsHash)).toBe(false);
  });

  it('answers false without a hash, whatever the password', async () => {
    expect(await hasher.verify(password, undefined)).toBe(false);
    expect(await hasher.verify('', undefined)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['plain text', password],
    ['bcrypt', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
    ['a hash cut short', hash.slice(0, -30)],
    ['a hash with a tail', `${hash}$`],
    ['a hash of no passes', hash.replace('t=2', 't=0')],
    ['a hash that wants 4 TiB', hash.replace('m=19456', 'm=4294967295')],
    ['a hash that wants years', hash.replace('t=2', 't=4294967295')],
  ])('takes %s for a hash that matches nothing and is to be made anew', async (_what, malformed) => {
    expect(await hasher.verify(password, malformed)).toBe(false);
    expect(hasher.accepts(malformed)).toBe(false);
    expect(hasher.needsRehash(malformed)).toBe(true);
  });

  it('verifies hashes of any cost, and wants those anew that are weaker than its own', async () => {
    const stronger = new Argon2PasswordHasher({ memoryCost: 20_480, timeCost: 3 });
    const strongHash = await stronger.hash(password);
    expect(strongHash).toContain('$m=20480,t=3,p=1$');
    expect(await hasher.verify(password, strongHash)).toBe(true);
    expect(await stronger.verify(password, hash)).toBe(true);
    expect(hasher.accepts(strongHash)).toBe(true);

    expect(hasher.needsRehash(hash)).toBe(false);
    expect(hasher.needsRehash(strongHash)).toBe(false);
    expect(stronger.needsRehash(hash)).toBe(true);
    expect(stronger.needsRehash(strongHash)).toBe(false);
  });

  it.each([
    ['less memory', { memoryCost: 19_455 }],
    ['fewer passes', { timeCost: 1 }],
    ['argon2i', { algorithm: 1 }],
    ['an older version', { version: 0 }],
    ['a shorter salt', { salt: Buffer.alloc(8, 1) }],
    ['a shorter output', { outputLen: 16 }],
  ])('wants a hash anew that was made with %s', async (_what, options) => {
    const weaker = await argon2(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1, ...options });
    expect(await hasher.verify(password, weaker)).toBe(true);
    expect(hasher.needsRehash(weaker)).toBe(true);
  });

  it.each([
    [{ memoryCost: 19_455 }, 'memoryCost must be a whole number from 19456 to 1048576'],
    [{ memoryCost: 1_048_577 }, 'memoryCost must be a whole number from 19456 to 1048576'],
    [{ memoryCost: 19_456.5 }, 'memoryCost must be a whole number from 19456 to 1048576'],
    [{ timeCost: 1 }, 'timeCost must be a whole number from 2 to 64'],
    [{ timeCost: Number.NaN }, 'timeCost must be a whole number from 2 to 64'],
    [{ threadPoolSize: 0 }, 'threadPoolSize must be a whole number from 1 to 1024'],
  ])('refuses the options %o', (options, message) => {
    expect(() => new Argon2PasswordHasher(options)).toThrow(new RangeError(message));
  });

  it.each([
    ['hash', (one: Argon2PasswordHasher) => one.hash(password)],
    ['verify', (one: Argon2PasswordHasher) => one.verify(password, undefined)],
  ])('lets one run and 64 wait with the smallest pool, then says unavailable: %s', async (_what, use) => {
    const small = new Argon2PasswordHasher({ threadPoolSize: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 70 }, () => use(small)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    // Those who wait may be turned away on a slow machine, so only the last five are sure.
    expect(outcomes.slice(65).every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(outcomes[0]?.status).toBe('fulfilled');
    expect(refused.every(({ reason }) => reason.code === 'unavailable' && reason.retryAfter === 2)).toBe(true);
  });
});
