import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { rateLimiterContract } from '@sallyport/core/contracts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../../../test/free-port.mjs';
import { openRedisDouble } from '../../../test/redis-double.ts';
import { layWire } from '../../../test/wire.ts';
import { RedisRateLimiter } from './index.ts';

const clock = new ManualClock();
const window = { at: clock.now(), seconds: 600 };

/** A limiter on whatever is there, and what it told of it. */
async function open(url: string) {
  const told: string[] = [];
  const fallback = new MemoryRateLimiter();
  const limiter = await RedisRateLimiter.open(url, {
    fallback,
    onGone: (error) => told.push(`gone: ${String(error)}`),
    onBack: () => told.push('back'),
  });
  onTestFinished(() => limiter.close());
  const counts = async (times: number, bucket = 'a') =>
    (await Promise.all(Array.from({ length: times }, () => limiter.count(bucket, window)))).map(({ count }) => count);
  return { limiter, fallback, told, counts };
}

/** A double behind a wire that can be cut. */
async function openOnWire() {
  const double = await openRedisDouble();
  const wire = await layWire(double.url);
  onTestFinished(() => wire.stop());
  return { double, wire, ...(await open(wire.url)) };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const isBack = (told: readonly string[]) => vi.waitFor(() => expect(told.at(-1)).toBe('back'), 10_000);

describe('RedisRateLimiter where there is no Redis', () => {
  const url = freePort().then((port) => `redis://127.0.0.1:${port}`);
  it.each(
    rateLimiterContract(async () => {
      const { limiter } = await open(await url);
      const own = new ManualClock();
      return { limiter, now: () => own.now(), pass: async (seconds: number) => own.advance(seconds) };
    }),
  )('keeps $part on this node: $name', ({ run }) => run());

  it('begins all the same, and says so once', async () => {
    const { counts, told } = await open(await url);
    expect(await counts(3)).toEqual([1, 2, 3]);
    expect(told).toEqual([expect.stringMatching(/^gone: .*ECONNREFUSED/)]);
  });

  it('begins too if the other side listens and stays silent, or speaks another protocol', async () => {
    for (const greeting of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const server = createServer((socket) => void socket.on('error', () => {}).write(greeting));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const { limiter, counts, told } = await open(`redis://127.0.0.1:${port}`);
      expect(await counts(3)).toEqual([1, 2, 3]);
      expect(told).toEqual([expect.stringMatching(/^gone: /)]);
      await limiter.close();
      server.close();
    }
  });

  it('tells no password when it is refused', async () => {
    const double = await openRedisDouble();
    double.behave((name) => (name === 'AUTH' ? '-WRONGPASS invalid username-password pair\r\n' : '-NOAUTH\r\n'));
    const { told } = await open(double.url.replace('redis://', 'redis://me:hunter2@'));
    expect(told).toEqual([expect.stringMatching(/WRONGPASS/)]);
    expect(told.join()).not.toContain('hunter2');
  });

  it('speaks TLS to rediss://', async () => {
    let first: Buffer | undefined;
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        first = data;
        socket.destroy();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { limiter } = await open(`rediss://127.0.0.1:${port}`);
    await limiter.close();
    server.close();
    // RFC 8446, section 5.1: a record of the type handshake.
    expect(first?.[0]).toBe(22);
  });
});

describe('RedisRateLimiter whose Redis goes', () => {
  it('continues from what this node has counted: it refuses no attempt and lets none in uncounted', async () => {
    const { wire, counts, told } = await openOnWire();
    expect(await counts(3)).toEqual([1, 2, 3]);
    const underway = counts(20);
    await wire.stop();
    expect((await underway).toSorted((a, b) => a - b)).toEqual(upTo(23).slice(3));
    expect(await counts(2)).toEqual([24, 25]);
    expect(told).toEqual([expect.stringMatching(/^gone: /)]);
  });

  it('keeps no caller waiting behind one whose wait failed', async () => {
    const { double, wire, limiter, counts, told } = await openOnWire();
    await counts(3);
    wire.fallSilent();
    expect((await counts(20)).toSorted((a, b) => a - b)).toEqual(upTo(23).slice(3));
    expect(told).toEqual(['gone: Error: No answer within 400 ms']);
    const asked = double.commands.length;
    expect(await counts(2)).toEqual([24, 25]);
    expect((await limiter.read('a', clock.now()))?.count).toBe(25);
    await limiter.forget('a');
    expect(await limiter.read('a', clock.now())).toBeUndefined();
    expect(double.commands).toHaveLength(asked);
  });

  it.each(['fallSilent', 'stop'] as const)('counts in Redis again after %s, by itself', async (fail) => {
    const { wire, fallback, limiter, counts, told } = await openOnWire();
    await counts(3);
    await wire[fail]();
    await counts(3);
    await wire.mend();
    await isBack(told);
    // The three meanwhile were counted here alone.
    expect(await counts(1)).toEqual([4]);
    expect((await limiter.read('a', clock.now()))?.count).toBe(4);
    expect((await fallback.read('a', clock.now()))?.count).toBe(7);
    await wire.stop();
    expect(await counts(1)).toEqual([8]);
    expect(told).toEqual([expect.stringMatching(/^gone: /), 'back', expect.stringMatching(/^gone: /)]);
  });

  it('takes one that answers and does not count for gone', async () => {
    const refusal = "OOM command not allowed when used memory > 'maxmemory'.";
    const { double, limiter, counts, told } = await openOnWire();
    await counts(3);
    double.behave((name) => (name === 'EVALSHA' ? `-${refusal}\r\n` : '+OK\r\n'));
    expect((await counts(3)).toSorted((a, b) => a - b)).toEqual([4, 5, 6]);
    expect((await limiter.read('a', clock.now()))?.count).toBe(6);
    const tries = () => double.commands.filter((name) => name === 'EVALSHA').length;
    const before = tries();
    await vi.waitFor(() => expect(tries()).toBeGreaterThan(before + 1), 10_000);
    expect(told).toEqual([`gone: Error: ${refusal}`]);
    double.behave('well');
    await isBack(told);
    expect(await counts(1)).toEqual([4]);
  });

  it('looks for it no longer once it is closed', async () => {
    const { double, wire, limiter, counts, told } = await openOnWire();
    await wire.stop();
    await counts(1);
    await limiter.close();
    const asked = double.commands.length;
    await wire.mend();
    expect(await counts(1)).toEqual([2]);
    expect(double.commands).toHaveLength(asked);
    expect(told).toEqual([expect.stringMatching(/^gone: /)]);
  });
});
