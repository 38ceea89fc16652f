import pg from 'pg';
import { expect, it, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { notes } from '../../../test/secrecy.mjs';
import { readFirstVersion } from './first-version.ts';
import { eachInADirectory, send, untilWaiting } from './sallyport-process.ts';

const { serve } = eachInADirectory();

it('kill -9 in the middle of taking over the first version changes nothing, and the next start takes it over', async () => {
  const { sql, facts } = await readFirstVersion('full');
  const { email, password, sessions } = facts.members['ada']!;
  notes.credentials(password, ...sessions.map(({ refreshToken }) => refreshToken));
  const { url } = await createDatabase();
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query(sql);
  const contents = () => contentsOf(other);
  const before = await contents();

  // In the way of the step, which has changed tables by then.
  await other.query('begin');
  await other.query('create table public.closed_accounts ()');
  const environment = { DATABASE_URL: url, SECRET_KEY: facts.secretKey, PUBLIC_URL: facts.publicUrl };
  const first = serve(environment);
  await untilWaiting(other, 1);
  first.kill('SIGKILL');
  await first.ended;
  await other.query('rollback');
  await vi.waitFor(async () => expect(await contents()).toEqual(before), 10_000);

  const next = serve(environment);
  const login = await send(await next.url, '/auth/login', { email, password });
  expect(login.status).toBe(200);
  const live = sessions.find(({ state }) => state === 'live')!;
  const refreshed = await send(await next.url, '/auth/refresh', { refresh_token: live.refreshToken });
  expect(refreshed.status).toBe(200);
  notes.credentials(login.body.access_token, login.body.refresh_token);
  notes.credentials(refreshed.body.access_token, refreshed.body.refresh_token);
  const { rows } = await other.query('select count(*)::int as users from public.users');
  expect(rows).toEqual([{ users: facts.counts['users'] }]);
  expect(await next.stop()).toMatchObject({ code: 0 });
  await other.end();
});

/** Every column of the tables, and how many rows each table has. */
async function contentsOf(database: pg.Client): Promise<unknown> {
  const { rows: columns } = await database.query(
    `select table_name, column_name, data_type, is_nullable from information_schema.columns
     where table_schema = 'public' order by 1, 2`,
  );
  const { rows: names } = await database.query(
    `select tablename from pg_tables where schemaname = 'public' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { tablename } of names) {
    const { rows } = await database.query(`select count(*)::int from public.${pg.escapeIdentifier(tablename)}`);
    counts[tablename] = rows[0].count;
  }
  return { columns, counts };
}
