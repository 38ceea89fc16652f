import { MemoryRateLimiter, SystemClock } from '@sallyport/adapters-memory';
import type { PoolState } from '@sallyport/adapters-postgres';
import type { Clock, RateLimiter } from '@sallyport/core';
import type { ServerStore } from './modules.ts';

/** An open store with its tables up to date. */
export interface Database {
  readonly store: ServerStore;
  /** The clock that all processes on the store share. */
  readonly clock: Clock;
  /** Counts for all processes on the store, unless a Redis counts. */
  readonly rateLimiter: RateLimiter;
  /** The maintenance that the store needs every minute. */
  readonly maintain: () => Promise<void>;
  /** The connections of the store; absent if it has no pool of them. */
  readonly poolState?: (() => PoolState) | undefined;
  /** Resolves when the store answers. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What processes on a store share, where there is only one process. */
export function inThisProcess(): Pick<Database, 'clock' | 'rateLimiter' | 'maintain'> {
  return { clock: new SystemClock(), rateLimiter: new MemoryRateLimiter(), maintain: async () => {} };
}
