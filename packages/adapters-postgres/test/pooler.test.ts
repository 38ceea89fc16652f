import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { layWire } from '../../../test/wire.ts';
import { joinPg, openPg, type PgOptions, type PgPool, type Sql } from '../src/index.ts';
import { foreignPool } from './foreign-pool.ts';

let url: string;
let operator: pg.Client;
beforeAll(async () => {
  ({ url } = await createDatabase());
  operator = new pg.Client({ connectionString: url });
  await operator.connect();
});
afterAll(() => operator.end());

const opened: Sql[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

function open(target: string | PgPool, options: PgOptions = {}): Sql {
  const database = openPg(target, { maxConnections: 1, ...options });
  opened.push(database);
  return database;
}

/** A way to the database that passes on what Postgres says, as haproxy does, or that seems to be a pooler. */
async function through(options?: { disguised: boolean }): Promise<string> {
  const wire = await layWire(url, options);
  onTestFinished(() => wire.stop());
  return wire.url;
}

const unrelated = sql`select ${'x'}::text as x`;

/** Whether a statement stays prepared, its time limit, and what the session did last. */
async function manner(database: Sql) {
  await database.query(unrelated);
  const [row] = await database.query<{
    readonly pid: number;
    readonly is_prepared: boolean;
    readonly limit: string;
  }>(sql`
    select pg_backend_pid() as pid, current_setting('statement_timeout') as limit,
      exists (select from pg_prepared_statements where statement = ${unrelated.text}) as is_prepared`);
  const { rows } = await operator.query('select query from pg_stat_activity where pid = $1', [row?.pid]);
  return { isPrepared: row?.is_prepared, limit: row?.limit, isTransaction: rows[0].query === 'commit' };
}

const direct = { isPrepared: true, limit: '2s', isTransaction: false };
const pooled = { isPrepared: false, limit: '2s', isTransaction: true };

it('statements are prepared directly and through a balancer, which passes on the number of the process', async () => {
  const onPooler = vi.fn<() => void>();
  for (const target of [url, await through()]) expect(await manner(open(target, { onPooler }))).toEqual(direct);
  expect(onPooler).not.toHaveBeenCalled();
});

it('behind a pooler nothing is prepared, each statement is a transaction, and the operator is told once', async () => {
  const onPooler = vi.fn<() => void>();
  const database = open(await through({ disguised: true }), { onPooler, maxConnections: 3 });
  await Promise.all([unrelated, unrelated, unrelated].map((statement) => database.query(statement)));
  expect(await manner(database)).toEqual(pooled);
  expect(onPooler).toHaveBeenCalledTimes(1);
});

it('the option overrides what is found out', async () => {
  expect(await manner(open(await through({ disguised: true }), { pooler: 'none' }))).toEqual(direct);
  expect(await manner(open(url, { pooler: 'transaction' }))).toEqual(pooled);
});

it('a pool of the host is examined too, and a client that does not know its process counts as behind a pooler', async () => {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  onTestFinished(() => pool.end());
  const unknowing = foreignPool(pool);
  expect(await manner(open(pool))).toMatchObject({ isPrepared: true, limit: '0' });
  await pool.query('deallocate all');
  expect(await manner(open(unknowing))).toMatchObject({ isPrepared: false, limit: '0' });
});

it('a transaction of the host prepares nothing behind a pooler', async () => {
  for (const [target, isPrepared] of [
    [url, true],
    [await through({ disguised: true }), false],
  ] as const) {
    const client = new pg.Client({ connectionString: target });
    await client.connect();
    await client.query('begin');
    const joined = await joinPg(client);
    await joined.query(unrelated);
    const rows = await joined.query(sql`select from pg_prepared_statements where statement = ${unrelated.text}`);
    expect(rows.length > 0).toBe(isPrepared);
    await client.end();
  }
});

it('a session that forgot what was prepared is used without preparing from then on', async () => {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  onTestFinished(() => pool.end());
  const database = open(pool);
  expect(await database.query(unrelated)).toEqual([{ x: 'x' }]);
  await pool.query('discard all');
  const [inTransaction] = await database.transaction(({ query }) => query(unrelated));
  expect(inTransaction).toEqual({ x: 'x' });
  expect(await database.query(unrelated)).toEqual([{ x: 'x' }]);
  expect(await manner(database)).toMatchObject({ isPrepared: false });
});
