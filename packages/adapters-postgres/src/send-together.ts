import type { Corkable, PgClient } from './pg-pool.ts';

const corked = new WeakSet<Corkable>();

/**
 * Sends what the client is given until the current microtasks have run, such as `begin` and the first statement, or the
 * last writes and `commit`, in one call of the system, and wakes PostgreSQL once.
 */
export function sendTogether({ connection }: PgClient): void {
  const stream = connection?.stream;
  if (!stream || corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  // After the microtasks, since this runs in one of them.
  process.nextTick(() => {
    corked.delete(stream);
    stream.uncork();
  });
}
