import type { BucketCount, LimitedBucket, RateLimiter, Window } from '@sallyport/core';

interface Bucket {
  readonly count: number;
  readonly closesAt: number;
}

/** This many buckets take some 20 MB. */
const defaultMaxBuckets = 100_000;

/** Counts in this process. If there are too many buckets, the one whose window opened first is dropped. */
export class MemoryRateLimiter implements RateLimiter {
  /** The buckets in the order in which their windows opened. */
  readonly #buckets = new Map<string, Bucket>();
  /** An iterator that keeps its position. A new one would step over all deleted entries each time. */
  #oldest = this.#buckets.keys();
  readonly #maxBuckets: number;

  constructor({ maxBuckets = defaultMaxBuckets }: { readonly maxBuckets?: number } = {}) {
    this.#maxBuckets = maxBuckets;
  }

  async count(name: string, window: Window): Promise<BucketCount> {
    return this.#count(name, window);
  }

  #count(name: string, { at, seconds }: Window): BucketCount {
    const open = this.#open(name, at);
    if (!open) this.#makeRoom(name);
    const bucket = { count: (open?.count ?? 0) + 1, closesAt: open?.closesAt ?? at.getTime() + seconds * 1000 };
    this.#buckets.set(name, bucket);
    return toCount(bucket, at);
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
    const open = this.#open(name, at);
    return open && toCount(open, at);
  }

  async forget(name: string): Promise<void> {
    this.#buckets.delete(name);
  }

  async purge(at: Date, limit: number): Promise<number> {
    let purged = 0;
    for (const [name, { closesAt }] of this.#buckets) {
      if (purged === limit) break;
      if (closesAt <= at.getTime() && this.#buckets.delete(name)) purged += 1;
    }
    return purged;
  }

  #open(name: string, at: Date): Bucket | undefined {
    const bucket = this.#buckets.get(name);
    return bucket && bucket.closesAt > at.getTime() ? bucket : undefined;
  }

  #makeRoom(name: string): void {
    this.#buckets.delete(name);
    if (this.#buckets.size < this.#maxBuckets) return;
    let oldest = this.#oldest.next();
    if (oldest.done) {
      // The iterator has come to its end, and would stay there.
      this.#oldest = this.#buckets.keys();
      oldest = this.#oldest.next();
    }
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}

function toCount({ count, closesAt }: Bucket, at: Date): BucketCount {
  return { count, closesIn: (closesAt - at.getTime()) / 1000 };
}
