import type pg from 'pg';

/** The SQLSTATE of a server, a database or a role that allows no more connections. */
const tooManyConnections = '53300';

/** Milliseconds after which a pool that was refused a connection tries for more again. */
const retryPause = 10_000;

/**
 * A pool that makes do with the connections that it has, if the server allows no more: for a while, its requests wait
 * for one of them instead of failing. Without any connection, they fail.
 *
 * @param patience milliseconds for which a request tries again
 */
export function fitting(pool: pg.Pool, patience: number): Pick<pg.Pool, 'end'> & { connect(): Promise<pg.PoolClient> } {
  const { max } = pool.options;
  let refusedAt = -Infinity;
  return {
    end: () => pool.end(),
    async connect() {
      if (performance.now() - refusedAt > retryPause) pool.options.max = max;
      const deadline = performance.now() + patience;
      for (;;) {
        try {
          return await pool.connect();
        } catch (error) {
          const isRefused = (error as { code?: unknown }).code === tooManyConnections;
          if (!isRefused || pool.totalCount === 0 || performance.now() > deadline) throw error;
          refusedAt = performance.now();
          // Those that are still connecting count too, so it may take several refusals to find the limit.
          pool.options.max = Math.min(pool.options.max, pool.totalCount);
        }
      }
    },
  };
}
