import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import type { RateLimiter } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './database.ts';

/** Where attempts are counted. */
export interface RateLimits {
  readonly rateLimiter: RateLimiter;
  /** Whether the configured Redis counts for all nodes; absent without one. */
  readonly isShared?: (() => boolean) | undefined;
  readonly close: () => Promise<void>;
}

/** Counts in the configured Redis, or otherwise where the store counts. */
export async function openRateLimits(
  { redisUrl }: Pick<Config, 'redisUrl'>,
  database: Pick<Database, 'rateLimiter'>,
  log: Logger,
): Promise<RateLimits> {
  if (redisUrl === undefined) return { rateLimiter: database.rateLimiter, close: async () => {} };
  // Loading this takes a fifth of the start, so only a server with a Redis loads it.
  const { RedisRateLimiter } = await import('@sallyport/adapters-redis');
  let isShared = true;
  const rateLimiter = await RedisRateLimiter.open(redisUrl, {
    fallback: new MemoryRateLimiter(),
    onGone(err) {
      isShared = false;
      log.warn({ err }, 'Redis is gone: limits hold on this node alone');
    },
    onBack() {
      isShared = true;
      log.info('Redis is back: limits hold on all nodes together');
    },
  });
  return { rateLimiter, isShared: () => isShared, close: () => rateLimiter.close() };
}
