import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openRedisDouble } from '../../../test/redis-double.ts';
import { layWire } from '../../../test/wire.ts';
import { createLog } from './log.ts';
import { openRateLimits } from './rate-limits.ts';

const database = { rateLimiter: new MemoryRateLimiter() };
const window = { at: new ManualClock().now(), seconds: 60 };

function openLog() {
  const lines: { level: number; msg: string }[] = [];
  const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, told: () => lines.map(({ level, msg }) => `${level} ${msg}`) };
}

describe('openRateLimits', () => {
  it('counts with the store where no Redis is named', async () => {
    const { log, told } = openLog();
    const { rateLimiter, close } = await openRateLimits({}, database, log);
    expect(rateLimiter).toBe(database.rateLimiter);
    await close();
    expect(told()).toEqual([]);
  });

  it('counts in the Redis that is named, and tells once of each time that it goes or is back', async () => {
    const double = await openRedisDouble();
    const wire = await layWire(double.url);
    onTestFinished(() => wire.stop());
    const { log, told } = openLog();
    const { rateLimiter, close } = await openRateLimits({ redisUrl: wire.url }, database, log);
    const count = async () => (await rateLimiter.count('a', window)).count;
    expect(await count()).toBe(1);
    expect(told()).toEqual([]);
    await wire.stop();
    expect([await count(), await count()]).toEqual([2, 3]);
    await wire.mend();
    await vi.waitFor(() => expect(told()).toHaveLength(2), 10_000);
    expect(await count()).toBe(2);
    expect(told()).toEqual([
      '40 Redis is gone: limits hold on this node alone',
      '30 Redis is back: limits hold on all nodes together',
    ]);
    expect(await database.rateLimiter.read('a', window.at)).toBeUndefined();
    await close();
    await vi.waitFor(() => expect(double.connections()).toBe(0));
  });
});
