import { secondsAfter } from '../model/policy.ts';
import { type BucketCount, clockTolerance, type RateLimiter } from '../ports/rate-limiter.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';

/** An empty limiter, and the time that it counts by. */
export interface TimedRateLimiter {
  readonly limiter: RateLimiter;
  readonly now: () => Date;
  /** Lets so many seconds pass: it moves the clock, or waits. */
  readonly pass: (seconds: number) => Promise<void>;
}

/** A short window in whole seconds, since some limiters really wait. */
const short = 1;
const long = 600;

/** More than any limit allows, so that a counter that stops too early is noticed. */
const many = 200;

/** Names whose difference an encoding, a pattern or a prefix may lose. */
const bucketNames = [
  ['a', 'A', 'aa', ' a', 'a ', 'b', '1', '01', '1.0'],
  ['a:', 'a:b', 'a:b:c', 'ab:c', 'a/b', 'a.b', 'a-b', 'a_b', 'a,b', 'a\tb', 'a\nb'],
  ['a%', 'a%25', 'a*', 'a?', 'a[b]', 'a{b}', '{a}b', 'a\\', "a'", "a''", 'a"', 'a$1', 'a;--'],
  ['\u00e9', 'e\u0301', 'e', '\u0131', 'i', '\u00df', 'ss', '\u{1f701}', '\u{1f702}'],
  ['__proto__', 'constructor', 'null', 'undefined', ''],
  [`${'x'.repeat(120)}1`, `${'x'.repeat(120)}2`],
].flat();

/**
 * What a `RateLimiter` promises.
 *
 * @param open gives each case an empty limiter of its own
 */
export function rateLimiterContract(open: Open<TimedRateLimiter>): readonly ContractCase[] {
  return casesOf(open, promises);
}

const promises: readonly PortPromise<TimedRateLimiter>[] = [
  {
    part: 'faithful',
    name: `a bucket counts from 1 to ${many}, and returns when its window closes`,
    async holds({ limiter, now }) {
      expectSame(await limiter.read('a', now()), undefined, 'read, before the first count');
      for (let expected = 1; expected <= many; expected += 1) {
        const { count, closesIn } = await limiter.count('a', { at: now(), seconds: long });
        expectSame(count, expected, `count, call ${expected}`);
        const isLeft = closesIn > long - 60 && closesIn <= long;
        expectThat(isLeft, closesIn, `${long} seconds, less what has passed`, 'closesIn of the count');
      }
      const read = await limiter.read('a', now());
      expectSame(read?.count, many, 'read');
      const closesIn = read?.closesIn ?? 0;
      expectThat(
        closesIn > 0 && closesIn <= long,
        read?.closesIn,
        `more than 0 and at most ${long}`,
        'closesIn of read',
      );
    },
  },
  {
    part: 'faithful',
    name: 'a window closes however often it was counted in, and the next one counts from 1',
    async holds({ limiter, now, pass }) {
      for (let times = 0; times < 2; times += 1) await limiter.count('a', { at: now(), seconds: 2 * short });
      await limiter.count('b', { at: now(), seconds: long });
      await pass(short);
      const { closesIn } = await limiter.count('a', { at: now(), seconds: 2 * short });
      expectThat(
        closesIn <= short,
        closesIn,
        `at most ${short} second`,
        'closesIn of a count in the middle of a window',
      );
      await pass(short);
      expectSame(await limiter.read('a', now()), undefined, 'read, after the window');
      expectSame((await limiter.count('a', { at: now(), seconds: long })).count, 1, 'count, after the window');
      expectSame((await limiter.read('b', now()))?.count, 1, 'read, of a window that is open');
    },
  },
  {
    part: 'faithful',
    name: 'a bucket that was forgotten counts from 1',
    async holds({ limiter, now }) {
      for (const bucket of ['a', 'a', 'b']) await limiter.count(bucket, { at: now(), seconds: long });
      await limiter.forget('a');
      await limiter.forget('never counted');
      expectSame(await limiter.read('a', now()), undefined, 'read');
      expectSame((await limiter.count('a', { at: now(), seconds: long })).count, 1, 'count');
      expectSame((await limiter.read('b', now()))?.count, 1, 'read, of another bucket');
    },
  },
  {
    part: 'faithful',
    name: 'a purge removes no window that is open',
    async holds({ limiter, now, pass }) {
      for (const bucket of ['a', 'b', 'c']) await limiter.count(bucket, { at: now(), seconds: short });
      await limiter.count('d', { at: now(), seconds: long });
      await pass(short);
      let removed = 0;
      for (let last = -1; last !== 0; removed += last) {
        last = await limiter.purge(now(), 2);
        const isPlausible = last >= 0 && last <= 2 && removed + last <= 3;
        expectThat(isPlausible, last, 'at most 2, and 3 in all', `purge of 3 closed windows, after ${removed}`);
      }
      expectSame((await limiter.read('d', now()))?.count, 1, 'read, of the window that is open');
      expectSame(await limiter.read('a', now()), undefined, 'read, of a window that had closed');
    },
  },
  {
    part: 'faithful',
    name: 'buckets are counted in turn, up to the first that is beyond its quota',
    async holds({ limiter, now }) {
      const limited = (bucket: string, attempts: number) => ({ bucket, attempts, seconds: long });
      const countAll = async () =>
        (await limiter.countInTurn([limited('a', 3), limited('b', 2), limited('c', 9)], now())).map(
          ({ count }) => count,
        );
      const counts = [await countAll(), await countAll(), await countAll(), await countAll()];
      expectSame(counts, [[1, 1, 1], [2, 2, 2], [3, 3], [4]], 'countInTurn, four times');
      const read = await Promise.all(['a', 'b', 'c'].map((bucket) => limiter.read(bucket, now())));
      expectSame(
        read.map((bucket) => bucket?.count),
        [4, 3, 2],
        'read, of each bucket',
      );
      const again = await limiter.count('c', { at: now(), seconds: long });
      expectSame(again.count, 3, 'count, of a bucket that was counted in turn');
      const [opened] = await limiter.countInTurn([limited('d', 1)], now());
      const closesIn = opened?.closesIn ?? 0;
      expectThat(closesIn > long - 60 && closesIn <= long, closesIn, `${long} seconds`, 'closesIn of a new window');
      expectSame(await limiter.countInTurn([], now()), [], 'countInTurn, of no bucket');
      const later = { bucket: 'e', attempts: 1, seconds: 2 * long };
      const [, second] = await limiter.countInTurn([limited('f', 1), later], now());
      expectThat(
        (second?.closesIn ?? 0) > long,
        second?.closesIn,
        `more than ${long} seconds`,
        'closesIn of the longer window',
      );
      const eight = Array.from({ length: 8 }, (_, index) => limited(`of eight ${index}`, 9));
      expectSame((await limiter.countInTurn(eight, now())).length, 8, 'countInTurn, of eight buckets');
    },
  },
  {
    part: 'faithful',
    name: 'a window that a wrong clock opened is closed, and one of a clock that is a little ahead is open',
    async holds({ limiter, now }) {
      const inTurn = async (seconds: number, at: Date) =>
        (await limiter.countInTurn([{ bucket: 'in turn', seconds, attempts: many }], at))[0];
      const ways: [number, (at: Date) => Promise<BucketCount | undefined>][] = [
        [long, (at) => limiter.count('a', { at, seconds: long })],
        [100 * long, (at) => inTurn(100 * long, at)],
      ];
      for (const [seconds, count] of ways) {
        const ahead = secondsAfter(now(), clockTolerance + 60);
        expectSame([(await count(ahead))?.count, (await count(ahead))?.count], [1, 2], 'count, by a wrong clock');
        const right = await count(now());
        expectSame(right?.count, 1, 'count, by the right clock');
        const closesIn = right?.closesIn ?? 0;
        expectThat(closesIn > 0 && closesIn <= seconds, closesIn, `at most ${seconds} seconds`, 'closesIn');
        const behind = await count(secondsAfter(now(), 60 - clockTolerance));
        expectSame(behind?.count, 2, 'count, by a clock that is behind by less than the tolerance');
      }
    },
  },
  {
    part: 'unique',
    name: 'two buckets never share a count, however alike their names are',
    async holds({ limiter, now }) {
      const read = async () => {
        const counts: Record<string, number | undefined> = {};
        for (const bucket of bucketNames) {
          counts[JSON.stringify(bucket)] = (await limiter.read(bucket, now()))?.count;
        }
        return counts;
      };
      const expected: Record<string, number | undefined> = {};
      for (const [index, bucket] of bucketNames.entries()) {
        // One to three times, but never as often as the neighbours in the list.
        const times = (index % 3) + 1;
        for (let time = 1; time <= times; time += 1) {
          const { count } = await limiter.count(bucket, { at: now(), seconds: long });
          expectSame(count, time, `count, call ${time} in ${JSON.stringify(bucket)}`);
        }
        expected[JSON.stringify(bucket)] = times;
      }
      expectSame(await read(), expected, 'read, of each bucket');
      for (const [index, bucket] of bucketNames.entries()) {
        if (index % 2 === 0) continue;
        await limiter.forget(bucket);
        expected[JSON.stringify(bucket)] = undefined;
      }
      expectSame(await read(), expected, 'read, of each bucket after every second one was forgotten');
    },
  },
  {
    part: 'once',
    name: `of ${many} simultaneous calls in one bucket, no two get the same count`,
    async holds({ limiter, now }) {
      const outcomes = await race(() => limiter.count('a', { at: now(), seconds: long }), many);
      const counts = fulfilled(outcomes).map(({ count }) => count);
      expectSame(
        counts.toSorted((a, b) => a - b),
        upTo(many),
        'the counts in order',
      );
    },
  },
  {
    part: 'once',
    name: `of ${many} simultaneous calls in turn, only those within the first quota count in the next bucket`,
    async holds({ limiter, now }) {
      const buckets = [
        { bucket: 'a', attempts: 20, seconds: long },
        { bucket: 'b', attempts: many, seconds: long },
      ];
      const outcomes = fulfilled(await race(() => limiter.countInTurn(buckets, now()), many));
      const first = outcomes.map((counts) => counts[0]?.count ?? 0).toSorted((a, b) => a - b);
      expectSame(first, upTo(many), 'the counts of the first bucket');
      const second = outcomes.flatMap((counts) => counts[1]?.count ?? []).toSorted((a, b) => a - b);
      expectSame(second, upTo(20), 'the counts of the second bucket');
    },
  },
];

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
