import { hash as argon2With } from '@node-rs/argon2';
import { hash as bcryptWith } from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher, type Argon2PasswordHasherOptions } from './argon2-password-hasher.ts';
import { argon2, bcrypt, pbkdf2 } from './foreign-hashes/index.ts';
import { RefusalTime } from './refusal-time.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { vectors } from '../test/foreign-hashes.ts';

const password = 'correct horse battery staple';
const bcryptHash = await bcryptWith(password, 4);

/** A hasher that notes how long refused passwords wait, in milliseconds, and does not wait. */
function noting(options: Argon2PasswordHasherOptions = {}) {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  return { waits, hasher: new Argon2PasswordHasher({ wait, ...options }) };
}

const withBcrypt = { foreignHashes: [bcrypt({ max: 4 })] };

describe('A hash of another system', () => {
  it('is verified where its format is configured, and is to be replaced', async () => {
    const { hasher } = noting(withBcrypt);
    expect(await hasher.verify(password, bcryptHash)).toBe(true);
    expect(await hasher.verify(`${password} `, bcryptHash)).toBe(false);
    expect(hasher.accepts(bcryptHash)).toBe(true);
    expect(hasher.needsRehash(bcryptHash)).toBe(true);
  });

  it('matches nothing where its format is not configured, or where it costs too much', async () => {
    const costly = await bcryptWith(password, 5);
    for (const [hasher, hash, reason] of [
      [noting().hasher, bcryptHash, 'the format bcrypt is not configured'],
      [noting({ foreignHashes: [pbkdf2({ max: 1000 })] }).hasher, bcryptHash, 'the format bcrypt is not configured'],
      [noting(withBcrypt).hasher, costly, 'its cost is 5 (the logarithm of its rounds), and at most 4 is accepted'],
      [noting(withBcrypt).hasher, `${bcryptHash}x`, 'it is malformed, or of an unknown format'],
    ] as const) {
      expect(await hasher.verify(password, hash)).toBe(false);
      expect(hasher.accepts(hash)).toBe(false);
      expect(hasher.refusalOf(hash)).toBe(reason);
      expect(hasher.needsRehash(hash)).toBe(true);
    }
  });

  it('is to be replaced in any format', () => {
    const { hasher } = noting();
    expect(vectors.filter(([, , , hash]) => !hasher.needsRehash(hash))).toEqual([]);
  });

  it('is checked against the password as it was sent, and ours against its NFC', async () => {
    const { hasher } = noting(withBcrypt);
    const [composed, decomposed] = ['Zo\u00eb-1815', 'Zoe\u0308-1815'];
    const foreign = await bcryptWith(decomposed, 4);
    expect(await hasher.verify(decomposed, foreign)).toBe(true);
    expect(await hasher.verify(composed, foreign)).toBe(false);
    const ours = await hasher.hash(decomposed);
    expect(await hasher.verify(decomposed, ours)).toBe(true);
    expect(await hasher.verify(composed, ours)).toBe(true);
  });

  it('is cut at 72 bytes by bcrypt alone', async () => {
    const { hasher } = noting(withBcrypt);
    const foreign = await bcryptWith('x'.repeat(80), 4);
    expect(await hasher.verify('x'.repeat(73), foreign)).toBe(true);
    expect(await hasher.verify('x'.repeat(73), await hasher.hash('x'.repeat(80)))).toBe(false);
  });

  it.each([
    ['argon2i', { algorithm: 1 }],
    ['an older version', { version: 0 }],
    ['a shorter salt', { salt: Buffer.alloc(8, 1) }],
    ['a shorter output', { outputLen: 16 }],
    ['more lanes', { parallelism: 4 }],
  ])('is of the format argon2 with %s', async (_what, options) => {
    const hash = await argon2With(password, { memoryCost: 64, timeCost: 1, parallelism: 1, ...options });
    const { hasher } = noting({ foreignHashes: [argon2({ max: 1 })] });
    expect(await hasher.verify(password, hash)).toBe(true);
    expect(hasher.needsRehash(hash)).toBe(true);
    expect(noting().hasher.refusalOf(hash)).toBe('the format argon2 is not configured');
  });

  it('may look like ours, and is then checked in both forms', async () => {
    const decomposed = 'Zoe\u0308-1815';
    const hash = await argon2With(decomposed, { memoryCost: 64, timeCost: 1, parallelism: 1 });
    expect(await noting({ foreignHashes: [argon2({ max: 1 })] }).hasher.verify(decomposed, hash)).toBe(true);
    expect(await noting().hasher.verify(decomposed, hash)).toBe(false);
  });

  it('waits in the queue of our own hashes', async () => {
    const { hasher } = noting({ ...withBcrypt, threadPoolSize: 1 });
    const checks = Array.from({ length: 70 }, () => hasher.verify(password, bcryptHash));
    expect(hasher.load).toEqual({ inFlight: 1, waiting: 64 });
    const outcomes = await Promise.allSettled(checks);
    expect(outcomes.slice(65).every(({ status }) => status === 'rejected')).toBe(true);
    expect(outcomes[0]).toEqual({ status: 'fulfilled', value: true });
  });
});

describe('A refused password', () => {
  it('does not wait where no format is configured', async () => {
    const { hasher, waits } = noting();
    expect(await hasher.verify(password, undefined)).toBe(false);
    expect(waits).toEqual([]);
  });

  it('waits whatever the hash is, and outside of the queue; a right one does not wait', async () => {
    const { hasher, waits } = noting({
      ...withBcrypt,
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        expect(hasher.load).toEqual({ inFlight: 0, waiting: 0 });
      },
    });
    for (const hash of [undefined, '', 'not a hash', bcryptHash, await hasher.hash(password), '$2b$31$.']) {
      expect(await hasher.verify('wrong-1', hash)).toBe(false);
    }
    expect(waits).toHaveLength(6);
    expect(waits.every((milliseconds) => milliseconds > 0)).toBe(true);
    await hasher.verify(password, bcryptHash);
    expect(waits).toHaveLength(6);
  });

  it('covers our own hashes, where those of the other systems are cheaper', async () => {
    const cheap = { name: 'cheap', read: () => undefined, probe: { run: async () => {}, times: 0 } };
    const { hasher, waits } = noting({ foreignHashes: [cheap] });
    await hasher.verify('wrong-1', undefined);
    expect(waits).toEqual([expect.any(Number)]);
    expect(waits[0]).toBeGreaterThan(0);
  });
});

describe('RefusalTime', () => {
  const queue = () => new BoundedQueue({ inFlight: 1, waiting: 1, patience: 2 });
  const probe = (run: () => Promise<unknown>, times = 1) => ({ run, times });
  const sleeps = (milliseconds: number) => () => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it('fills up to one minimum, that of the slowest format, and beyond it to the next multiple', async () => {
    const waits: number[] = [];
    const wait = async (milliseconds: number) => void waits.push(milliseconds);
    const time = new RefusalTime([probe(sleeps(1)), probe(sleeps(1), 100_000)], queue(), wait);
    await time.fill(0);
    const [minimum = 0] = waits;
    expect(minimum).toBeGreaterThan(100_000);
    await time.fill(1000);
    await time.fill(minimum + 1000);
    await time.fill(minimum * 3 - 1);
    expect(waits.slice(1).map(Math.round)).toEqual([minimum - 1000, minimum - 1000, 1].map(Math.round));
  });

  it('measures once, and again if the queue was full', async () => {
    let runs = 0;
    const busy = queue();
    const time = new RefusalTime([probe(async () => void (runs += 1))], busy, async () => {});
    const work = [busy.run(sleeps(20)), busy.run(sleeps(0))];
    await expect(time.fill(0)).rejects.toMatchObject({ code: 'unavailable' });
    await Promise.all(work);
    await Promise.all([time.fill(0), time.fill(0)]);
    await time.fill(0);
    expect(runs).toBe(3);
  });
});
