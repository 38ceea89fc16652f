import type pg from 'pg';
import type { PgPool } from '../src/index.ts';

/** A pool whose clients have only what the type asks for, as those of another copy of `pg` may. */
export function foreignPool(pool: pg.Pool): PgPool {
  return {
    async connect() {
      const client = await pool.connect();
      return {
        query: (query) => client.query({ ...query }),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
        release: (isBroken) => client.release(isBroken),
      };
    },
  };
}
