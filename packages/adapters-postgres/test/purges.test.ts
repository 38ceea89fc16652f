import type { Transaction } from '@sallyport/core';
import type { PostsTransaction } from '@sallyport/core/posts';
import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore, type Sql } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';

let database: Sql;
let other: pg.Client;
beforeAll(async () => {
  const { url } = await createDatabase();
  database = openPg(url);
  await migrate(database, [postgresPosts]);
  other = new pg.Client({ connectionString: url, options: '-c search_path=sallyport' });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await database.close();
});

const isWaited = async () => {
  const waiting = sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  expect(await database.query(waiting)).toHaveLength(1);
};

describe('a purge of the rows of an account', () => {
  it.each<[table: string, rows: string, purge: (transaction: Transaction & PostsTransaction) => Promise<number>]>([
    [
      'posts',
      `insert into posts (title, content, published, author_id, created_at)
      select n::text, '', true, 7, now() from generate_series(1, 3) as n`,
      ({ posts }) => posts.purgeAllOf(7, 1),
    ],
    [
      'sessions',
      `insert into sessions
        (id, user_id, methods, authenticated_at, created_at, last_used_at, turned_at, networks, from_new_network,
        shared_at, expires_at)
      select n::text, 7, '{pwd}', now(), now(), now(), now(), '{}', false, '{}', now() from generate_series(1, 3) as n`,
      ({ sessions }) => sessions.purgeAllOf(7, 1),
    ],
    [
      'known_networks',
      `insert into known_networks select 7, n::text, now() from generate_series(1, 3) as n`,
      ({ knownNetworks }) => knownNetworks.purgeAllOf(7, 1),
    ],
    [
      'one_time_tokens',
      `insert into one_time_tokens (digest, user_id, email, purpose, created_at, expires_at)
      select n::text, 7, 'ada@example.com', 'reset-password', now(), now() from generate_series(1, 3) as n`,
      ({ oneTimeTokens }) => oneTimeTokens.purgeAllOf(7, 1),
    ],
  ])(
    'returns 0 only if none of its %s is left, although another transaction deletes its batch',
    async (table, rows, purgeAllOf) => {
      await other.query(rows);
      const purge = () => postgresStore(database, [postgresPosts]).unitOfWork.run(purgeAllOf);
      // The purge begins with the newest post, and otherwise with the first row.
      const first = table === 'posts' ? 'max(ctid)' : 'min(ctid)';
      await other.query('begin');
      await other.query(`delete from ${table} where ctid = (select ${first} from ${table})`);
      const purged = purge();
      await vi.waitFor(isWaited);
      await other.query('commit');
      expect([await purged, await purge(), await purge(), await purge()]).toEqual([1, 1, 1, 0]);
    },
  );
});
