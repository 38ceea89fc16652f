import type { BucketCount, LimitedBucket, RateLimiter, Window } from '@sallyport/core';
import { type Bucket, Buckets } from './buckets.ts';

/** This many buckets take some 20 MB. */
const defaultMaxBuckets = 100_000;

/** Seconds. Windows that are open for longer count, for example, failed passwords. */
const longFrom = 2 * 60 * 60;

/** The options of a limiter in memory. */
export interface MemoryRateLimiterOptions {
  /** How many buckets with short windows are kept, and how many with long ones; 100,000 by default. */
  readonly maxBuckets?: number;
}

/**
 * Counts in this process. If there are too many buckets, the one whose window opened first is dropped. Those with short
 * and with long windows make room among themselves, so a flood of requests cannot make the limiter forget what is
 * counted for days.
 */
export class MemoryRateLimiter implements RateLimiter {
  readonly #short: Buckets;
  readonly #long: Buckets;

  constructor({ maxBuckets = defaultMaxBuckets }: MemoryRateLimiterOptions = {}) {
    this.#short = new Buckets(maxBuckets);
    this.#long = new Buckets(maxBuckets);
  }

  async count(name: string, window: Window): Promise<BucketCount> {
    return this.#count(name, window);
  }

  async countInTurn(buckets: readonly LimitedBucket[], at: Date): Promise<readonly BucketCount[]> {
    const counts: BucketCount[] = [];
    for (const { bucket, seconds, attempts } of buckets) {
      const counted = this.#count(bucket, { at, seconds });
      counts.push(counted);
      if (counted.count > attempts) break;
    }
    return counts;
  }

  async read(name: string, at: Date): Promise<BucketCount | undefined> {
    const open = this.#short.findOpen(name, at) ?? this.#long.findOpen(name, at);
    return open && toCount(open, at);
  }

  async forget(name: string): Promise<void> {
    this.#short.delete(name);
    this.#long.delete(name);
  }

  async purge(at: Date, limit: number): Promise<number> {
    const purged = this.#short.purge(at, limit);
    return purged + this.#long.purge(at, limit - purged);
  }

  #count(name: string, { at, seconds }: Window): BucketCount {
    const buckets = seconds < longFrom ? this.#short : this.#long;
    const open = buckets.findOpen(name, at, seconds);
    const bucket = open
      ? { count: open.count + 1, closesAt: open.closesAt }
      : { count: 1, closesAt: at.getTime() + seconds * 1000 };
    if (open) buckets.replace(name, bucket);
    else buckets.open(name, bucket);
    return toCount(bucket, at);
  }
}

function toCount({ count, closesAt }: Bucket, at: Date): BucketCount {
  return { count, closesIn: (closesAt - at.getTime()) / 1000 };
}
