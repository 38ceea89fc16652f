import { describe, expect, it } from 'vitest';
import { MemoryRateLimiter } from './index.ts';

const at = new Date('2026-01-01T12:00:00Z');
const later = new Date(at.getTime() + 60_000);
const window = { at, seconds: 60 };

describe('MemoryRateLimiter', () => {
  it('keeps no more buckets than it may, and forgets first whose window opened first', async () => {
    const limiter = new MemoryRateLimiter({ maxBuckets: 3 });
    for (const bucket of ['a', 'b', 'c', 'a', 'd']) await limiter.count(bucket, window);
    const counts = await Promise.all(['a', 'b', 'c', 'd'].map(async (name) => (await limiter.read(name, at))?.count));
    expect(counts).toEqual([undefined, 1, 1, 1]);
  });

  it('does not forget another bucket when a window opens again', async () => {
    const limiter = new MemoryRateLimiter({ maxBuckets: 2 });
    await limiter.count('a', window);
    await limiter.count('b', { at, seconds: 600 });
    await limiter.count('a', { at: later, seconds: 60 });
    expect((await limiter.read('b', later))?.count).toBe(1);
  });

  it('forgets no bucket with a long window for one with a short window, nor the other way round', async () => {
    const limiter = new MemoryRateLimiter({ maxBuckets: 2 });
    const days = { at, seconds: 30 * 24 * 60 * 60 };
    await limiter.count('failures', days);
    for (const bucket of ['a', 'b', 'c']) await limiter.count(bucket, window);
    expect((await limiter.read('failures', at))?.count).toBe(1);
    for (const bucket of ['x', 'y']) await limiter.count(bucket, days);
    expect((await limiter.read('c', at))?.count).toBe(1);
    expect(await limiter.read('failures', at)).toBeUndefined();
  });

  it('keeps a hundred thousand of a million buckets', async () => {
    const limiter = new MemoryRateLimiter();
    for (let n = 0; n < 1_000_000; n += 1) await limiter.count(`login:${n}`, window);
    expect(await limiter.read('login:899999', at)).toBeUndefined();
    expect((await limiter.read('login:900000', at))?.count).toBe(1);
    expect(await limiter.purge(later, 2_000_000)).toBe(100_000);
  });

  it('purges as many as it is told at a time', async () => {
    const limiter = new MemoryRateLimiter();
    for (const bucket of ['a', 'b', 'c']) await limiter.count(bucket, window);
    await limiter.count('d', { at, seconds: 61 });
    const purged = [await limiter.purge(later, 2), await limiter.purge(later, 2), await limiter.purge(later, 2)];
    expect(purged).toEqual([2, 1, 0]);
    expect((await limiter.read('d', later))?.count).toBe(1);
  });
});
