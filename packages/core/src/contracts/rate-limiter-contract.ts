import type { RateLimiter } from '../ports/rate-limiter.ts';
import { type ContractCase, race } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';

/** A limiter with nothing in it, and the time by which it counts. */
export interface TimedRateLimiter {
  readonly limiter: RateLimiter;
  readonly now: () => Date;
  /** Lets so many seconds pass: moves the clock, or waits. */
  readonly pass: (seconds: number) => Promise<void>;
}

/** Seconds: whole ones, as few as tell that a window is open and then is not, since some wait for it. */
const short = 1;
const long = 600;

/**
 * What a `RateLimiter` promises.
 *
 * @param open gives each case a limiter of its own, empty and ready
 */
export function rateLimiterContract(open: () => Promise<TimedRateLimiter>): readonly ContractCase[] {
  return [
    {
      part: 'faithful',
      name: 'a bucket counts from one, says when its window closes, and no other bucket knows',
      async run() {
        const { limiter, now } = await open();
        expectSame(await limiter.read('a', now()), undefined, 'read, before');
        for (const expected of [1, 2, 3]) {
          const { count, closesIn } = await limiter.count('a', { at: now(), seconds: long });
          expectSame(count, expected, 'count');
          expectThat(closesIn > long - 60 && closesIn <= long, 'closesIn is what is left of the window');
        }
        const read = await limiter.read('a', now());
        expectSame(read?.count, 3, 'read');
        expectThat(read !== undefined && read.closesIn > 0 && read.closesIn <= long, 'closesIn of what is read');
        expectSame((await limiter.count('b', { at: now(), seconds: long })).count, 1, 'another bucket');
      },
    },
    {
      part: 'faithful',
      name: 'a window closes, however often it was counted in, and the next one counts from one',
      async run() {
        const { limiter, now, pass } = await open();
        for (let times = 0; times < 3; times += 1) await limiter.count('a', { at: now(), seconds: short });
        await limiter.count('b', { at: now(), seconds: long });
        await pass(short);
        expectSame(await limiter.read('a', now()), undefined, 'read, once it has closed');
        expectSame((await limiter.count('a', { at: now(), seconds: long })).count, 1, 'count, once it has closed');
        expectSame((await limiter.read('b', now()))?.count, 1, 'a window that is open');
      },
    },
    {
      part: 'faithful',
      name: 'a bucket that is forgotten counts from one',
      async run() {
        const { limiter, now } = await open();
        for (const bucket of ['a', 'a', 'b']) await limiter.count(bucket, { at: now(), seconds: long });
        await limiter.forget('a');
        await limiter.forget('never counted');
        expectSame(await limiter.read('a', now()), undefined, 'read');
        expectSame((await limiter.count('a', { at: now(), seconds: long })).count, 1, 'count');
        expectSame((await limiter.read('b', now()))?.count, 1, 'another bucket');
      },
    },
    {
      part: 'faithful',
      name: 'a purge takes no window that is open',
      async run() {
        const { limiter, now, pass } = await open();
        for (const bucket of ['a', 'b', 'c']) await limiter.count(bucket, { at: now(), seconds: short });
        await limiter.count('d', { at: now(), seconds: long });
        await pass(short);
        while ((await limiter.purge(now(), 2)) > 0);
        expectSame((await limiter.read('d', now()))?.count, 1, 'the window that is open');
        expectSame(await limiter.read('a', now()), undefined, 'the one that had closed');
      },
    },
    {
      part: 'once',
      name: 'twenty who count at once get twenty counts',
      async run() {
        const { limiter, now } = await open();
        const outcomes = await race(() => limiter.count('a', { at: now(), seconds: long }));
        const counts = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.count : 0));
        expectSame(
          counts.toSorted((a, b) => a - b),
          outcomes.map((_, index) => index + 1),
          'the counts',
        );
      },
    },
  ];
}
