import { type BucketCount, clockTolerance, type LimitedBucket, type RateLimiter, type Window } from '@sallyport/core';
import type { Counted } from './count.ts';
import { type Redis, RedisLink } from './redis-link.ts';

/** Milliseconds that Redis keeps a window beyond its end, because clocks differ. */
const grace = 60_000;

/** How a `RedisRateLimiter` reaches Redis, and what it counts as. */
export interface RedisRateLimiterOptions {
  /** Counts every attempt on this node as well, and decides while Redis is gone. */
  readonly fallback: RateLimiter;
  /** Called when Redis becomes unavailable or is unavailable at the start: once, not for each attempt. */
  readonly onGone?: (error: unknown) => void;
  /** Called once Redis counts again. */
  readonly onBack?: () => void;
  /** The prefix of keys. Each deployment that shares a Redis database needs its own. */
  readonly prefix?: string;
}

/**
 * Counts for all nodes that share a Redis. Without Redis, each node counts for itself, continues from its own counts,
 * and retries until Redis is back.
 */
export class RedisRateLimiter implements RateLimiter {
  readonly #link: RedisLink;
  readonly #fallback: RateLimiter;
  readonly #prefix: string;

  private constructor(link: RedisLink, fallback: RateLimiter, prefix: string) {
    this.#link = link;
    this.#fallback = fallback;
    this.#prefix = prefix;
  }

  /**
   * Opens within about a second, with or without Redis.
   *
   * @param url `redis://user:password@host:port/database`, or `rediss://` for TLS
   */
  static async open(
    url: string,
    { fallback, onGone = () => {}, onBack = () => {}, prefix = 'sallyport:limits:' }: RedisRateLimiterOptions,
  ): Promise<RedisRateLimiter> {
    const prove = (redis: Redis) => countIn(redis, `${prefix}probe`, { at: new Date(), seconds: 1 });
    const link = await RedisLink.open(url, { prove, onGone, onBack });
    return new RedisRateLimiter(link, fallback, prefix);
  }

  async count(bucket: string, window: Window): Promise<BucketCount> {
    const here = await this.#fallback.count(bucket, window);
    return this.#link.ask(
      async (redis) => toCount(await countIn(redis, this.#key(bucket), window), window.at),
      () => here,
    );
  }

  async countInTurn(buckets: readonly LimitedBucket[], at: Date): Promise<readonly BucketCount[]> {
    const here = await this.#fallback.countInTurn(buckets, at);
    return this.#link.ask(
      async (redis) => {
        const counts: BucketCount[] = [];
        for (const { bucket, seconds, attempts } of buckets) {
          const counted = toCount(await countIn(redis, this.#key(bucket), { at, seconds }), at);
          counts.push(counted);
          if (counted.count > attempts) break;
        }
        return counts;
      },
      () => here,
    );
  }

  read(bucket: string, at: Date): Promise<BucketCount | undefined> {
    return this.#link.ask(
      async (redis) => {
        const [count, closesAt] = (await redis.hmGet(this.#key(bucket), ['count', 'closes_at'])).map(Number);
        return count && closesAt && closesAt > at.getTime() ? toCount([count, closesAt], at) : undefined;
      },
      () => this.#fallback.read(bucket, at),
    );
  }

  async forget(bucket: string): Promise<void> {
    await this.#fallback.forget(bucket);
    await this.#link.ask(
      (redis) => redis.del(this.#key(bucket)),
      () => 0,
    );
  }

  /** Redis removes its own buckets, so only the local ones are purged. */
  purge(at: Date, limit: number): Promise<number> {
    return this.#fallback.purge(at, limit);
  }

  /** Disconnects from Redis. A current attempt to reconnect is finished first. */
  close(): Promise<void> {
    return this.#link.close();
  }

  #key(bucket: string): string {
    return this.#prefix + bucket;
  }
}

function countIn(redis: Redis, key: string, { at, seconds }: Window): Promise<Counted> {
  const lasts = Math.round(seconds * 1000);
  const closesAt = at.getTime() + lasts;
  const latest = closesAt + clockTolerance * 1000;
  return redis.count(key, { at: at.getTime(), closesAt, keptFor: lasts + grace, latest });
}

function toCount([count, closesAt]: Counted, at: Date): BucketCount {
  return { count, closesIn: (closesAt - at.getTime()) / 1000 };
}
