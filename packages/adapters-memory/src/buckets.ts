import { clockTolerance } from '@sallyport/core';

export interface Bucket {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly closesAt: number;
}

/** A limited number of buckets, in the order in which their windows opened. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  /** An iterator that keeps its position. A new one would step over all deleted entries each time. */
  #oldest = this.#buckets.keys();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** The bucket, if its window is open. If its length is known, one that a wrong clock opened is closed. */
  findOpen(name: string, at: Date, seconds = Infinity): Bucket | undefined {
    const bucket = this.#buckets.get(name);
    const left = bucket ? bucket.closesAt - at.getTime() : 0;
    return left > 0 && left <= (seconds + clockTolerance) * 1000 ? bucket : undefined;
  }

  /** Replaces a bucket whose window is open. */
  replace(name: string, bucket: Bucket): void {
    this.#buckets.set(name, bucket);
  }

  /** Adds a bucket whose window opens. If there are too many, the one whose window opened first makes room. */
  open(name: string, bucket: Bucket): void {
    this.#buckets.delete(name);
    if (this.#buckets.size >= this.#max) this.#dropOldest();
    this.#buckets.set(name, bucket);
  }

  delete(name: string): void {
    this.#buckets.delete(name);
  }

  /** Removes at most so many buckets whose window has closed, and returns how many. */
  purge(at: Date, limit: number): number {
    let purged = 0;
    for (const [name, { closesAt }] of this.#buckets) {
      if (purged === limit) break;
      if (closesAt <= at.getTime() && this.#buckets.delete(name)) purged += 1;
    }
    return purged;
  }

  #dropOldest(): void {
    let oldest = this.#oldest.next();
    if (oldest.done) {
      // The iterator has come to its end, and would stay there.
      this.#oldest = this.#buckets.keys();
      oldest = this.#oldest.next();
    }
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}
