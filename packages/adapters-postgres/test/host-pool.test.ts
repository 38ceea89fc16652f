import pg from 'pg';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { createMissingIndexes, migrate, openPg, type Sql } from '../src/index.ts';
import { foreignPool } from './foreign-pool.ts';

/** A host that reads some values in a way of its own, wherever `pg` is used. */
const odd = (text: string) => `odd ${text}`;
const types = [20, 25, 16, 1184, 3802, 1009, 23].map((type) => ({ type, before: pg.types.getTypeParser(type) }));

let pool: pg.Pool;
let database: Sql;
beforeEach(async () => {
  for (const { type } of types) pg.types.setTypeParser(type, odd);
  const { url } = await createDatabase();
  pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'host',
    options: '-c search_path=nowhere -c default_transaction_isolation=serializable -c TimeZone=Asia/Kolkata',
    types: { getTypeParser: () => odd },
  });
  database = openPg(pool);
  await migrate(database);
});
afterEach(async () => {
  for (const { type, before } of types) pg.types.setTypeParser(type, before);
  if (!pool.ended) await pool.end();
});

const everyType = sql`
  select 9007199254740991::bigint as big, 7 as whole, 1.5::float8 as part, true as yes, 'Ada'::text as name,
    timestamptz '2026-01-01 12:00:00.123+00' as at, timestamptz '1800-01-01 00:00:00+00' as long_ago,
    '{"city": "London"}'::jsonb as profile, null as nothing,
    array['plain', 'a, b', 'say "\\"', '', 'NULL', null, E'two\nlines'] as texts, array[]::text[] as none`;

const values = {
  big: 9_007_199_254_740_991,
  whole: 7,
  part: 1.5,
  yes: true,
  name: 'Ada',
  at: new Date('2026-01-01T12:00:00.123Z'),
  long_ago: new Date('1800-01-01T00:00:00Z'),
  profile: { city: 'London' },
  nothing: null,
  texts: ['plain', 'a, b', 'say "\\"', '', 'NULL', null, 'two\nlines'],
  none: [],
};

const settings = 'select name, setting from pg_settings order by 1';

describe('on a pool of the host', () => {
  it('values are read as with a URL, whatever parsers the host has set', async () => {
    expect(await database.query(everyType)).toEqual([values]);
    expect(await database.transaction(({ query }) => query(everyType))).toEqual([values]);
    const { rows } = await pool.query('select 1::bigint as big');
    expect(rows).toEqual([{ big: 'odd 1' }]);
  });

  it('transactions see what others committed, and have limits', async () => {
    const [row] = await database.transaction(({ query }) =>
      query(sql`
        select current_setting('transaction_isolation') as isolation, current_setting('statement_timeout') as statement,
          current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`),
    );
    expect(row).toEqual({ isolation: 'read committed', statement: '2s', lock: '1500ms', idle: '10s' });
  });

  it('nothing stays set on its connections, after a migration, a transaction or one that is rolled back', async () => {
    await pool.query('set search_path = elsewhere');
    const before = (await pool.query(settings)).rows;
    await database.transaction(({ query }) => query(sql`select 1`));
    await database.transaction(() => Promise.reject(new Error('No'))).catch(() => {});
    await database.query(sql`drop index sallyport.users_search`);
    expect(await createMissingIndexes(database)).toEqual(['users_search']);
    await database.query(sql`drop schema sallyport cascade`);
    await migrate(database);
    expect((await pool.query(settings)).rows).toEqual(before);
    expect(
      (
        await pool.query(
          `select count(*) from pg_locks join pg_database on pg_database.oid = database where datname = current_database() and locktype = 'advisory'`,
        )
      ).rows,
    ).toEqual([{ count: 'odd 0' }]);
    expect(pool.totalCount).toBe(1);
  });

  it('closing leaves the pool open, and its listeners as they were', async () => {
    await database.query(sql`select 1`);
    await database.close();
    const client = await pool.connect();
    expect(client.listenerCount('error')).toBe(0);
    client.release();
    expect((await pool.query(`select 'open'`)).rowCount).toBe(1);
  });

  it('a connection that is ended in a transaction does not end the process', async () => {
    const other = new pg.Pool({ ...pool.options, max: 1 });
    await expect(
      database.transaction(async ({ query }) => {
        const [row] = await query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await other.query('select pg_terminate_backend($1, 5000)', [row?.pid]);
        await query(sql`select 1`);
      }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await other.end();
  });

  it('the pool of another copy of pg will do', async () => {
    const foreign = foreignPool(pool);
    expect(await openPg(foreign).query(everyType)).toEqual([values]);
  });

  it('times in another style than ISO are refused, not misread', async () => {
    await pool.query('set datestyle = sql, dmy');
    await expect(database.query(sql`select timestamptz '2026-01-02 12:00:00+00' as at`)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringContaining('set DateStyle') },
    });
  });

  it('a database that writes times in another style is refused before anything is changed', async () => {
    await pool.query('set datestyle = german');
    await expect(migrate(database)).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/writes times in the style German, DMY\. Set DateStyle to ISO/),
    });
  });
});
