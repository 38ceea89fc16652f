/** What is counted in a bucket. */
export interface BucketCount {
  /** How often it was counted since its window opened. */
  readonly count: number;
  /** Seconds until its window closes, more than 0. */
  readonly closesIn: number;
}

/** When and for how long to count. */
export interface Window {
  readonly at: Date;
  /** Seconds for which a window is open that opens now. */
  readonly seconds: number;
}

/**
 * Counts how often something was tried. What a count means, the core decides; a bucket's name is
 * short and tells nothing of a person.
 */
export interface RateLimiter {
  /**
   * Counts one more in a bucket; where no window is open, opens one. Of those who count at once, on any node,
   * no two get the same count.
   *
   * @throws SallyportError `unavailable` when it cannot be counted: nobody is let in uncounted
   */
  count(bucket: string, window: Window): Promise<BucketCount>;

  /** What is counted in a bucket, if a window is open. */
  read(bucket: string, at: Date): Promise<BucketCount | undefined>;

  /** Closes a bucket's window. */
  forget(bucket: string): Promise<void>;

  /** Removes at most so many buckets whose window has closed, and says how many. */
  purge(at: Date, limit: number): Promise<number>;
}
