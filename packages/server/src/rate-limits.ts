import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import type { RateLimiter } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './database.ts';

/** Where attempts are counted. */
export interface RateLimits {
  readonly rateLimiter: RateLimiter;
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
  const rateLimiter = await RedisRateLimiter.open(redisUrl, {
    fallback: new MemoryRateLimiter(),
    onGone: (err) => log.warn({ err }, 'Redis is gone: limits hold on this node alone'),
    onBack: () => log.info('Redis is back: limits hold on all nodes together'),
  });
  return { rateLimiter, close: () => rateLimiter.close() };
}
