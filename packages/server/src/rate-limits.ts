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

/** In the Redis that the configuration names, or where all count who use the store. */
export async function openRateLimits(
  { redisUrl }: Pick<Config, 'redisUrl'>,
  database: Pick<Database, 'rateLimiter'>,
  log: Logger,
): Promise<RateLimits> {
  if (redisUrl === undefined) return { rateLimiter: database.rateLimiter, close: async () => {} };
  // A fifth of the time that a start takes goes into loading this, so only a server that has a Redis loads it.
  const { RedisRateLimiter } = await import('@sallyport/adapters-redis');
  const rateLimiter = await RedisRateLimiter.open(redisUrl, {
    fallback: new MemoryRateLimiter(),
    onGone: (err) => log.warn({ err }, 'Redis is gone: limits hold on this node alone'),
    onBack: () => log.info('Redis is back: limits hold on all nodes together'),
  });
  return { rateLimiter, close: () => rateLimiter.close() };
}
