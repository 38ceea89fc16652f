import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { changed, failedCases } from '../../test/canaries.ts';
import type { RateLimiter } from '../index.ts';
import { rateLimiterContract } from './index.ts';

/** The cases that a limiter fails when some of its methods are replaced. */
function failedBy(change: (limiter: RateLimiter) => Partial<RateLimiter>): Promise<string[]> {
  const contract = rateLimiterContract(() => {
    const memory = new MemoryRateLimiter();
    const clock = new ManualClock();
    const limiter = changed<RateLimiter>(memory, change(memory));
    return { limiter, now: () => clock.now(), pass: async (seconds) => clock.advance(seconds) };
  });
  return failedCases(contract);
}

const counting = 'faithful: a bucket counts from 1 to 200, and returns when its window closes';
const separate = 'unique: two buckets never share a count, however alike their names are';
const closing = 'faithful: a window closes however often it was counted in, and the next one counts from 1';
const wrongClock =
  'faithful: a window that a wrong clock opened is closed, and one of a clock that is a little ahead is open';
const purging = 'faithful: a purge removes no window that is open';
const inTurn = 'faithful: buckets are counted in turn, up to the first that is beyond its quota';
const simultaneousInTurn =
  'once: of 200 simultaneous calls in turn, only those within the first quota count in the next bucket';
const simultaneous = 'once: of 200 simultaneous calls in one bucket, no two get the same count';

describe('The contract of rate limiters', () => {
  it.each([20, 199])('fails a limiter that stops counting at %i', async (last) => {
    const stopping = failedBy((limiter) => ({
      async count(bucket, window) {
        const { count, closesIn } = await limiter.count(bucket, window);
        return { count: Math.min(count, last), closesIn };
      },
    }));
    expect(await stopping).toEqual([counting, simultaneous]);
  });

  it('fails a limiter that counts in all buckets, whatever their quotas', async () => {
    const counting = failedBy((limiter) => ({
      countInTurn: (buckets, at) =>
        Promise.all(buckets.map(({ bucket, seconds }) => limiter.count(bucket, { at, seconds }))),
    }));
    expect(await counting).toEqual([inTurn, simultaneousInTurn]);
  });

  it('fails a limiter whose attempts keep a window open', async () => {
    const sliding = failedBy((limiter) => ({
      async count(bucket, window) {
        const earlier = (await limiter.read(bucket, window.at))?.count ?? 0;
        await limiter.forget(bucket);
        for (let times = 0; times < earlier; times += 1) await limiter.count(bucket, window);
        return limiter.count(bucket, window);
      },
    }));
    expect(await sliding).toContain(closing);
  });

  it.each([
    ['always removed as many as it may', async (_at: Date, limit: number) => limit],
    ['removed more than it may', async () => 3],
  ])('fails a limiter whose purge says that it %s', async (_, purge) => {
    expect(await failedBy(() => ({ purge }))).toEqual([purging]);
  });

  it('fails a limiter that gives every bucket the window of the first', async () => {
    const first = failedBy((limiter) => ({
      countInTurn: (buckets, at) =>
        limiter.countInTurn(
          buckets.map((bucket) => ({ ...bucket, seconds: buckets[0]?.seconds ?? 1 })),
          at,
        ),
    }));
    expect(await first).toEqual([inTurn]);
  });

  it('fails a limiter that keeps the window of a wrong clock open', async () => {
    const neverBack = failedBy((limiter) => {
      let last = new Date(0);
      return {
        async count(bucket, { at, seconds }) {
          last = at > last ? at : last;
          return limiter.count(bucket, { at: last, seconds });
        },
      };
    });
    expect(await neverBack).toEqual([wrongClock]);
  });

  it('fails a limiter that closes a window at a count by a clock that is a little behind', async () => {
    const strict = failedBy((limiter) => {
      let last = new Date(0);
      return {
        async countInTurn(buckets, at) {
          if (at < last) for (const { bucket } of buckets) await limiter.forget(bucket);
          last = at;
          return limiter.countInTurn(buckets, at);
        },
      };
    });
    expect(await strict).toEqual([wrongClock]);
  });

  it('fails a limiter that compares with earlier counts', async () => {
    const early = failedBy((limiter) => ({
      async countInTurn(buckets, at) {
        const counts = await Promise.all(buckets.map(({ bucket }) => limiter.read(bucket, at)));
        const beyond = buckets.findIndex(({ attempts }, index) => (counts[index]?.count ?? 0) >= attempts);
        const counted = beyond < 0 ? buckets : buckets.slice(0, beyond + 1);
        return Promise.all(counted.map(({ bucket, seconds }) => limiter.count(bucket, { at, seconds })));
      },
    }));
    expect(await early).toEqual([simultaneousInTurn]);
  });

  it('fails a limiter that reads no more than 20', async () => {
    const stopping = failedBy((limiter) => ({
      async read(bucket, at) {
        const read = await limiter.read(bucket, at);
        return read && { ...read, count: Math.min(read.count, 20) };
      },
    }));
    expect(await stopping).toEqual([counting]);
  });

  it('fails a limiter that reads first and counts later', async () => {
    const checkThenAct = failedBy((limiter) => ({
      async count(bucket, { at, seconds }) {
        const read = await limiter.read(bucket, at);
        await limiter.count(bucket, { at, seconds });
        return { count: (read?.count ?? 0) + 1, closesIn: read?.closesIn ?? seconds };
      },
    }));
    expect(await checkThenAct).toEqual([wrongClock, simultaneous]);
  });

  it.each<[string, (bucket: string) => string]>([
    ['regardless of case', (bucket) => bucket.toUpperCase()],
    ['without spaces around them', (bucket) => bucket.trim()],
    ['up to the first colon', (bucket) => bucket.split(':')[0] ?? ''],
    ['up to the last colon', (bucket) => bucket.slice(0, bucket.lastIndexOf(':'))],
    ['up to 64 characters', (bucket) => bucket.slice(0, 64)],
    ['in one Unicode form', (bucket) => bucket.normalize('NFC')],
    ['with other characters than letters replaced', (bucket) => bucket.replaceAll(/\W/g, '_')],
    ['decoded', (bucket) => bucket.replaceAll('%25', '%')],
    ['unescaped', (bucket) => bucket.replaceAll("''", "'")],
    ['in the Latin alphabet', (bucket) => Buffer.from(bucket, 'latin1').toString('latin1')],
    ['as numbers', (bucket) => (bucket !== '' && Number.isFinite(Number(bucket)) ? String(Number(bucket)) : bucket)],
    ['with two of them as one', (bucket) => (bucket === 'aa' ? 'a' : bucket)],
  ])('fails a limiter that takes names of buckets %s', async (_, rename) => {
    const failed = failedBy((limiter) => ({
      count: (bucket, window) => limiter.count(rename(bucket), window),
      read: (bucket, at) => limiter.read(rename(bucket), at),
      forget: (bucket) => limiter.forget(rename(bucket)),
    }));
    expect(await failed).toContain(separate);
  });
});
