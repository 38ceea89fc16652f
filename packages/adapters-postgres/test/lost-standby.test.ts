import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../../test/embedded-postgres.ts';
import type { RunningServer } from '../../../test/runner.ts';
import { openPg } from '../src/index.ts';

let server: RunningServer;
let operator: pg.Client;
beforeAll(async () => {
  server = await startEmbeddedPostgres();
  operator = new pg.Client({ connectionString: server.url });
  await operator.connect();
  await operator.query('create table written (id int)');
});
afterAll(async () => {
  await operator.end();
  await server.stop();
});

it('commits that wait for a lost standby occupy no connections of the server once they were given up', async () => {
  await operator.query(`alter system set synchronous_standby_names = 'lost'`);
  await operator.query('select pg_reload_conf()');
  const database = openPg(server.url);
  const write = () => database.transaction(({ query }) => query(sql`insert into written values (1)`));
  const waiting = async () =>
    (await operator.query(`select from pg_stat_activity where wait_event = 'SyncRep'`)).rowCount;
  await vi.waitFor(async () =>
    expect((await operator.query('show synchronous_standby_names')).rows).toEqual([
      { synchronous_standby_names: 'lost' },
    ]),
  );
  const writes = Promise.allSettled([write(), write()]);
  await vi.waitFor(async () => expect(await waiting()).toBe(2));
  const unavailable = { status: 'rejected', reason: expect.objectContaining({ code: 'unavailable' }) };
  expect(await writes).toEqual([unavailable, unavailable]);
  await vi.waitFor(async () => expect(await waiting()).toBe(0));
  await database.close();
});
