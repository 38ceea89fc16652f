import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { layWire } from '../../../test/wire.ts';
import { scrape } from './scrape.ts';
import { startServer } from './start-server.ts';

describe.each([
  ['directly', false],
  ['behind a pooler', true],
])('a node whose database is read-only, %s', (_, disguised) => {
  it('is not ready, and is ready again once the database accepts writes, even if no request writes', async () => {
    const { url } = await createDatabase();
    const operator = new pg.Client({ connectionString: url });
    await operator.connect();
    const wire = await layWire(url, { disguised });
    const server = await startServer('Postgres', { environment: { DATABASE_URL: wire.url, METRICS_PORT: '0' } });
    onTestFinished(async () => {
      await server.close();
      await wire.stop();
      await operator.end();
    });
    const readiness = async () => (await server.request('GET /health/ready')).status;
    const isUp = async () => (await scrape(server.metricsUrl)).get('sallyport_database_up');
    const name = pg.escapeIdentifier(new URL(url).pathname.slice(1));
    expect([await readiness(), await isUp()]).toEqual([200, 1]);

    // New sessions read it, as new connections lead to the new primary after a failover.
    await operator.query(`alter database ${name} set default_transaction_read_only = on`);
    await operator.query(`
      select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    await expect.poll(readiness, { timeout: 10_000 }).toBe(503);
    expect((await server.request('GET /posts')).status).toBe(200);
    await expect.poll(isUp, { timeout: 10_000 }).toBe(0);

    await operator.query(`begin read write; alter database ${name} reset default_transaction_read_only; commit`);
    await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
    await expect.poll(isUp, { timeout: 10_000 }).toBe(1);
  });
});
