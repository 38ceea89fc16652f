import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { PoolState } from './sql.ts';

/** The SQLSTATE of a server, a database or a role that allows no more connections. */
const tooManyConnections = '53300';

/** Milliseconds after which a pool that was refused a connection may grow to its full size again. */
const shrunkFor = 10_000;

/** Milliseconds between a refusal and the next attempt. */
const pause = 100;

/** A pool of `pg`, as far as it is used here. */
interface FittingPool {
  connect(): Promise<pg.PoolClient>;
  end(): Promise<void>;
  state(): PoolState;
}

/**
 * A pool that makes do with the connections that it has, if the server allows no more: for a while, its requests wait
 * for one of them instead of failing. Without any connection, a request fails after one attempt and a pause, and a
 * request that comes within the pause fails without an attempt. So a full server is not flooded with connections.
 *
 * @param patience milliseconds for which a request tries again
 */
export function fitting(pool: pg.Pool, patience: number): FittingPool {
  const { max } = pool.options;
  let refusal: { readonly at: number; readonly error: unknown } | undefined;
  // The pool's own count includes connections that are still connecting.
  const established = new Set<pg.PoolClient>();
  pool.on('remove', (client) => void established.delete(client));
  pool.on('connect', (client) => {
    established.add(client);
    // The server may have room for another one.
    pool.options.max = Math.min(max, Math.max(pool.options.max, established.size + 1));
  });

  /** The requests in the queue of the pool then wait for a connection, or try one at a time. */
  function shrink(): void {
    pool.options.max = Math.max(1, established.size);
  }

  async function pauseAfter(error: unknown): Promise<void> {
    await delay(pause);
    if (established.size === 0) throw error;
  }

  return {
    end: () => pool.end(),
    state: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async connect() {
      const start = performance.now();
      if (refusal && start - refusal.at > shrunkFor) pool.options.max = max;
      if (refusal && start - refusal.at < pause && established.size === 0) await pauseAfter(refusal.error);
      for (;;) {
        try {
          return await pool.connect();
        } catch (error) {
          if ((error as { code?: unknown }).code !== tooManyConnections) throw error;
          refusal = { at: performance.now(), error };
          shrink();
          await pauseAfter(error);
          if (performance.now() - start > patience) throw error;
          // Others may have connected meanwhile.
          shrink();
        }
      }
    },
  };
}
