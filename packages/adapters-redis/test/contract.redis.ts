import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { rateLimiterContract } from '@sallyport/core/contracts';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { RedisRateLimiter } from '../src/index.ts';

const url = inject('redisUrl');

/** A limiter with keys of its own. Callers would not notice that Redis is missing, so this checks that it is there. */
async function open(prefix = `test:${randomUUID()}:`) {
  const told: string[] = [];
  const fallback = new MemoryRateLimiter();
  const limiter = await RedisRateLimiter.open(url, { prefix, fallback, onGone: (error) => told.push(String(error)) });
  onTestFinished(async () => {
    await limiter.close();
    expect(told).toEqual([]);
  });
  return { limiter, prefix };
}

/** A client that looks into Redis itself. */
async function operator() {
  const client = createClient({ url });
  await client.connect();
  onTestFinished(() => client.close());
  return client;
}

describe('RedisRateLimiter', () => {
  // By a clock that has nothing to do with Redis's own.
  const contract = rateLimiterContract(async () => {
    const { limiter } = await open();
    const clock = new ManualClock();
    return { limiter, now: () => clock.now(), pass: async (seconds: number) => clock.advance(seconds) };
  });
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());

  it('gives those who count at once on several nodes as many counts', async () => {
    const prefix = `test:${randomUUID()}:`;
    const nodes = await Promise.all([1, 2, 3].map(() => open(prefix)));
    const at = new Date();
    for (let round = 0; round < 50; round += 1) {
      const window = { at, seconds: 60 };
      const counts = await Promise.all(
        Array.from({ length: 7 }, () => nodes.map(({ limiter }) => limiter.count(`bucket ${round}`, window))).flat(),
      );
      const sorted = counts.map(({ count }) => count).toSorted((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    }
  });

  it('lets no node whose clock is late or early open a window again', async () => {
    const { limiter } = await open();
    const now = Date.now();
    for (const [index, skew] of [0, -300, 5, -300, 0].entries()) {
      const { count } = await limiter.count('a', { at: new Date(now + skew * 1000), seconds: 60 });
      expect(count).toBe(index + 1);
    }
  });

  it('has Redis clean up after a window has closed, and no sooner', async () => {
    const { limiter, prefix } = await open();
    const redis = await operator();
    await limiter.count('a', { at: new Date('2001-01-01T00:00:00Z'), seconds: 60 });
    const left = await redis.pTTL(`${prefix}a`);
    expect(left).toBeGreaterThan(60_000);
    expect(left).toBeLessThanOrEqual(120_000);
    await limiter.count('a', { at: new Date('2001-01-01T00:00:30Z'), seconds: 60 });
    expect(await redis.pTTL(`${prefix}a`)).toBeLessThanOrEqual(left);
  });

  it('counts on where Redis has forgotten the script, as after a restart', async () => {
    const { limiter } = await open();
    const redis = await operator();
    const window = { at: new Date(), seconds: 60 };
    await limiter.count('a', window);
    await redis.scriptFlush();
    expect((await limiter.count('a', window)).count).toBe(2);
  });

  it('does not take its own busy process for a Redis that is gone', async () => {
    const { limiter, prefix } = await open();
    const redis = await operator();
    // It answers while this process is busy, which it is for longer than an answer may take.
    await redis.clientPause(100);
    const counted = limiter.count('a', { at: new Date(), seconds: 60 });
    for (let turn = 0; turn < 2; turn += 1) await setImmediate();
    const until = Date.now() + 1_000;
    while (Date.now() < until);
    expect((await counted).count).toBe(1);
    expect(await redis.hGet(`${prefix}a`, 'count')).toBe('1');
  });
});
