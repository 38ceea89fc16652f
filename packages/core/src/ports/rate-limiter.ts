/** The state of a bucket. */
export interface BucketCount {
  /** How often the bucket was counted since its window opened. */
  readonly count: number;
  /** Seconds until its window closes, more than 0. */
  readonly closesIn: number;
}

/**
 * Seconds by which the clocks of nodes may differ. A window that would stay open for more than its length and this was
 * opened by a wrong clock.
 */
export const clockTolerance = 60 * 60;

/** When the attempt happened, and how long a new window stays open. */
export interface Window {
  readonly at: Date;
  /** Seconds for which a window that opens now stays open. */
  readonly seconds: number;
}

/** A bucket with a quota. */
export interface LimitedBucket {
  readonly bucket: string;
  /** Seconds for which a window that opens now stays open. */
  readonly seconds: number;
  /** The highest count that is within the quota. */
  readonly attempts: number;
}

/**
 * Counts attempts. The core decides what a count means. A bucket's name is short and reveals nothing about a person.
 */
export interface RateLimiter {
  /**
   * Adds one to a bucket, and opens its window if none is open. Callers that count at once, on any node, all get
   * different counts. A window that a wrong clock opened (see `clockTolerance`) counts as closed.
   *
   * @throws SallyportError `unavailable` when the attempt cannot be counted, so that no request passes uncounted
   */
  count(bucket: string, window: Window): Promise<BucketCount>;

  /**
   * Counts in these buckets, whose names all differ, in turn: up to the first whose count is beyond its quota. Returns
   * the counts of those that were counted in. Each bucket is counted in as `count` does it.
   *
   * @throws SallyportError `unavailable` when the attempt cannot be counted
   */
  countInTurn(buckets: readonly LimitedBucket[], at: Date): Promise<readonly BucketCount[]>;

  /** The state of a bucket, if its window is open. */
  read(bucket: string, at: Date): Promise<BucketCount | undefined>;

  /** Closes a bucket's window. */
  forget(bucket: string): Promise<void>;

  /** Removes at most so many buckets whose window has closed, and returns how many. */
  purge(at: Date, limit: number): Promise<number>;
}
