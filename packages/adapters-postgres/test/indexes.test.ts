import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql, { type Sql as Statement } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { createMissingIndexes, migrate, type MigrationPart, missingIndexes, openPg, type Sql } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';
import { openPglite } from '../src/pglite.ts';

let url: string;
let database: Sql;
beforeAll(async () => {
  ({ url } = await createDatabase());
  database = openPg(url);
});
beforeEach(async () => {
  await database.query(sql`drop schema if exists sallyport cascade`);
  await migrate(database, [postgresPosts]);
});
afterAll(() => database.close());

const drop = (name: string) => database.query(sql`drop index ${database.table(name)}`);

const alterDatabase = async (command: Statement) =>
  void (await database.query(sql`do $$ begin execute format(${command}, current_database()); end $$`));

const settings = (one: Sql) =>
  one.migrating((connection) =>
    connection.query(sql`select name, setting from pg_settings where source = 'session' order by 1`),
  );

describe('createMissingIndexes', () => {
  it('creates what is missing, and then nothing', async () => {
    await drop('users_search');
    await drop('audit_ip');
    expect(await missingIndexes(database, [postgresPosts])).toEqual(['audit_ip', 'users_search']);
    expect(await createMissingIndexes(database, [postgresPosts])).toEqual(['audit_ip', 'users_search']);
    expect(await missingIndexes(database, [postgresPosts])).toEqual([]);
    expect(await createMissingIndexes(database, [postgresPosts])).toEqual([]);
  });

  it('creates an index again that was left incomplete', async () => {
    await drop('audit_ip');
    // Values that are not unique stop it in the middle.
    await database.query(
      sql`insert into sallyport.audit (at, type, ip, detail) values (now(), 'a', '::1', '{}'), (now(), 'b', '::1', '{}')`,
    );
    const broken = database.migrating((connection) =>
      connection.run('create unique index concurrently audit_ip on sallyport.audit (ip)'),
    );
    await expect(broken).rejects.toMatchObject({ code: '23505' });
    expect(await missingIndexes(database, [postgresPosts])).toEqual(['audit_ip']);
    expect(await createMissingIndexes(database, [postgresPosts])).toEqual(['audit_ip']);
    const [index] = await database.query(sql`
      select indisvalid as valid, indisunique as is_unique from pg_index
      where indexrelid = 'sallyport.audit_ip'::regclass`);
    expect(index).toEqual({ valid: true, is_unique: false });
  });

  it('creates it once, when several processes find that it is missing', async () => {
    await drop('users_search');
    const processes = Array.from({ length: 3 }, () => openPg(url));
    const created = await Promise.all(processes.map((process) => createMissingIndexes(process, [postgresPosts])));
    expect(created.flat()).toEqual(['users_search']);
    for (const process of processes) await process.close();
  });

  it('is not stopped by a time limit of the database, and leaves nothing set or locked', async () => {
    await drop('users_search');
    await alterDatabase(sql`'alter database %I set statement_timeout = 200'`);
    onTestFinished(() => alterDatabase(sql`'alter database %I reset statement_timeout'`));
    // The index has to wait for a transaction that writes.
    const [created] = await Promise.all([
      createMissingIndexes(database, [postgresPosts]),
      database.transaction(async ({ query }) => {
        await query(sql`insert into sallyport.closed_accounts values (1, now())`);
        await query(sql`select pg_sleep(1)`);
      }),
    ]);
    expect(created).toEqual(['users_search']);
    const other = openPg(url);
    expect(await settings(database)).toEqual(await settings(other));
    await other.close();
    expect(
      await database.query(
        sql`select from pg_locks join pg_database on pg_database.oid = database where datname = current_database() and locktype = 'advisory'`,
      ),
    ).toEqual([]);
  });

  /** Lets `use` run while an index is being created, which waits for a transaction that has written. */
  async function duringCreation(use: (creator: number) => Promise<void>) {
    await drop('users_search');
    let created: Promise<readonly string[]> | undefined;
    await database.transaction(async ({ query }) => {
      await query(sql`insert into sallyport.closed_accounts values (1, now())`);
      await query(sql`insert into sallyport.users (email, name, search, role, is_active, email_verified, created_at)
        values ('a@example.com', 'A', '', 'user', true, true, now())`);
      created = createMissingIndexes(database, [postgresPosts]);
      created.catch(() => {});
      const creators = () =>
        database.query<{ readonly pid: number }>(sql`
          select pid from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like 'create index concurrently%'`);
      await expect.poll(creators, { timeout: 30_000 }).toHaveLength(1);
      await use((await creators())[0]?.pid ?? 0);
    });
    return created;
  }

  it('keeps no writer waiting', async () => {
    const created = await duringCreation(async () => {
      for (const id of [2, 3]) {
        await database.query(sql`insert into sallyport.users (email, name, search, role, is_active, email_verified, created_at)
          values (${`b${id}@example.com`}, 'B', '', 'user', true, true, now())`);
      }
      await database.query(sql`update sallyport.users set name = 'C' where name = 'B'`);
    });
    expect(created).toEqual(['users_search']);
    expect(await missingIndexes(database, [postgresPosts])).toEqual([]);
  });

  it('replaces the invalid index that a killed run has left', async () => {
    const killed = duringCreation(async (creator) => {
      await database.query(sql`select pg_terminate_backend(${creator}, 5000)`);
    });
    await expect(killed).rejects.toMatchObject({ code: 'unavailable' });
    const validity = () =>
      database.query(sql`select indisvalid from pg_index where indexrelid = 'sallyport.users_search'::regclass`);
    expect(await validity()).toEqual([{ indisvalid: false }]);
    expect(await missingIndexes(database, [postgresPosts])).toEqual(['users_search']);
    expect(await createMissingIndexes(database, [postgresPosts])).toEqual(['users_search']);
    expect(await validity()).toEqual([{ indisvalid: true }]);
  });

  it('says why it cannot', async () => {
    await drop('audit_ip');
    await database.query(sql`create table sallyport.audit_ip ()`);
    await expect(createMissingIndexes(database, [postgresPosts])).rejects.toMatchObject({ name: 'MigrationError' });
  });
});

describe('the migrations of a part', () => {
  /** A part of another package, which adds an index to its table in a later release. */
  const begin = 'create table comments';

  async function writePart(
    index: string,
    baseline = `${begin} (id bigint primary key, likes integer);`,
  ): Promise<MigrationPart> {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-part-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, 'concurrent'));
    await writeFile(join(directory, '0001_baseline.sql'), baseline);
    await writeFile(join(directory, '._0001_baseline.sql'), 'left by an archive');
    await writeFile(join(directory, 'README.md'), 'no migration');
    await writeFile(join(directory, 'concurrent', 'comments_likes.sql'), index);
    return { name: 'comments', directory };
  }
  const index = 'create index concurrently comments_likes on comments (likes);';

  it('run beside ours, on Postgres without its indexes, which come later', async () => {
    const parts = [await writePart(index)];
    expect(await migrate(database, parts)).toEqual(['comments/0001_baseline']);
    expect(await missingIndexes(database, parts)).toEqual(['comments_likes']);
    expect(await createMissingIndexes(database, parts)).toEqual(['comments_likes']);
    expect(await migrate(database, [postgresPosts])).toEqual([]);
  });

  it('create their indexes at once on PGlite, in the same transaction', async () => {
    const embedded = await openPglite();
    const parts = [await writePart(index)];
    const steps = ['core/0001_baseline', 'core/0002_mails', 'comments/0001_baseline', 'comments_likes'];
    expect(await migrate(embedded, parts)).toEqual(steps);
    expect(await migrate(embedded, parts)).toEqual([]);
    await embedded.query(sql`drop index sallyport.comments_likes`);
    expect(await migrate(embedded, parts)).toEqual(['comments_likes']);
    await embedded.close();
  });

  it('are refused if a file of an index contains anything else', async () => {
    for (const text of ['create index comments_likes on comments (likes)', index.replace('_likes on', '_other on')]) {
      const parts = [await writePart(text)];
      await expect(migrate(database, parts)).rejects.toThrow('comments_likes.sql must contain one statement');
    }
    for (const baseline of ['create table if not exists comments ();', 'CREATE TABLE "Comments" ();']) {
      const parts = [await writePart(index, baseline)];
      await expect(migrate(database, parts)).rejects.toThrow('0001_baseline.sql must name each table plainly');
    }
    const parts = [{ ...postgresPosts, name: 'No "name"' }];
    await expect(migrate(database, parts)).rejects.toThrow(RangeError);
  });
});
