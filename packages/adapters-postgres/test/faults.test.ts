import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { Email, NewUser } from '@sallyport/core';
import type { Post } from '@sallyport/core/posts';
import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import {
  migrate,
  openPg,
  type PgOptions,
  postgresStore,
  type PostgresStore,
  type Sql,
  SqlError,
} from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';
import { layWire, type Wire } from '../../../test/wire.ts';

const unavailable = { name: 'SallyportError', code: 'unavailable' };
const because = (message: RegExp) => ({ ...unavailable, cause: { message: expect.stringMatching(message) } });

let url: string;
let name: string;
let operator: pg.Client;
beforeAll(async () => {
  ({ url } = await createDatabase());
  name = pg.escapeIdentifier(new URL(url).pathname.slice(1));
  operator = new pg.Client({ connectionString: url });
  await operator.connect();
  // A deadlock is found well before a waiting statement is given up, on a busy machine as well.
  await operator.query(`alter database ${name} set deadlock_timeout = '50ms'`);
  await migrate(open(url), [postgresPosts]);
});
afterAll(() => operator.end());

const opened: Sql[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

function open(at: string, options?: PgOptions): Sql {
  const database = openPg(at, options);
  opened.push(database);
  return database;
}

type Store = PostgresStore<[typeof postgresPosts]>;

let written = 0;

/** Stores a user and a post by that user. */
function write({ unitOfWork }: Store): Promise<Post> {
  written += 1;
  const createdAt = new Date('2026-01-01T12:00:00Z');
  const ada: NewUser = {
    name: 'Ada',
    profile: {},
    email: `ada${written}@example.com` as Email,
    role: 'user',
    isActive: true,
    emailVerified: false,
    createdAt,
    passwordHash: 'hash',
  };
  return unitOfWork.run(async ({ users, posts }) => {
    const { id: authorId } = await users.append(ada);
    return posts.append({ title: 'Title', content: 'Content', published: true, authorId, createdAt });
  });
}

const read = ({ posts }: Store) => posts.list({}, { skip: 0, limit: 1 });

/** Whether it writes, and reads what it wrote. */
async function serves(store: Store): Promise<boolean> {
  const { id } = await write(store);
  const [newest] = await read(store);
  return newest?.id === id;
}

/** What reading and writing fail with. */
async function failures(store: Store): Promise<unknown[]> {
  const results = await Promise.allSettled([read(store), write(store)]);
  return results.map((result): unknown => (result.status === 'rejected' ? result.reason : 'It succeeded'));
}

describe('a Postgres that cannot be reached', () => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await layWire(url);
  });
  // Pools close first: hooks run last in, first out.
  afterEach(() => wire.stop());

  it('is unavailable if nothing listens there', async () => {
    await wire.stop();
    const refused = because(/ECONNREFUSED/);
    expect(await failures(postgresStore(open(wire.url), [postgresPosts]))).toMatchObject([refused, refused]);
    await expect(migrate(open(wire.url), [postgresPosts])).rejects.toMatchObject(refused);
  });

  it('is unavailable if the other side accepts and stays silent: connecting is limited in time', async () => {
    wire.fallSilent();
    const timeout = because(/connection timeout|timeout expired/);
    const migrated = expect(migrate(open(wire.url), [postgresPosts])).rejects.toMatchObject(timeout);
    expect(await failures(postgresStore(open(wire.url), [postgresPosts]))).toMatchObject([timeout, timeout]);
    await migrated;
  });

  it('is unavailable when it falls silent later, since answers have their time, and then serves again', async () => {
    const store = postgresStore(open(wire.url), [postgresPosts]);
    await Promise.all([write(store), read(store)]);
    wire.fallSilent();
    const timeout = because(/Query read timeout/);
    expect(await failures(store)).toMatchObject([timeout, timeout]);
    await wire.mend();
    expect(await serves(store)).toBe(true);
  });

  it('is unavailable while it is stopped, and serves again once it has started', async () => {
    const store = postgresStore(open(wire.url), [postgresPosts]);
    for (const _ of ['once', 'twice']) {
      await Promise.all([read(store), read(store), write(store)]);
      await wire.stop();
      expect(await failures(store)).toMatchObject([unavailable, unavailable]);
      await wire.mend();
      expect(await serves(store)).toBe(true);
    }
  });
});

describe('a Postgres that ends connections', () => {
  const others = 'datname = current_database() and pid <> pg_backend_pid()';
  const killAll = () => operator.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where ${others}`);

  it('serves the next request when it ended idle ones, and reports it', async () => {
    const onIdleError = vi.fn<(error: Error) => void>();
    const store = postgresStore(open(url, { onIdleError }), [postgresPosts]);
    await Promise.all([read(store), read(store), read(store)]);
    await killAll();
    await vi.waitFor(() => expect(onIdleError).toHaveBeenCalledTimes(3));
    expect(await serves(store)).toBe(true);
  });

  it('is unavailable to a statement that runs on one, and serves the next', async () => {
    const database = open(url);
    const nap = sql`select pg_sleep(1)`;
    const naps = Promise.allSettled([database.query(nap), database.transaction(({ query }) => query(nap))]);
    await vi.waitFor(async () => {
      const { rowCount } = await operator.query(
        `select from pg_stat_activity where ${others} and query like '%pg_sleep%' and state = 'active'`,
      );
      expect(rowCount).toBe(2);
    });
    await killAll();
    const killed = { status: 'rejected', reason: expect.objectContaining(unavailable) };
    expect(await naps).toEqual([killed, killed]);
    expect(await serves(postgresStore(database, [postgresPosts]))).toBe(true);
  });

  it('is unavailable to a transaction between its statements, keeps nothing of it, and serves the next', async () => {
    const store = postgresStore(open(url), [postgresPosts]);
    const post = await write(store);
    const work = store.unitOfWork.run(async ({ posts }) => {
      await posts.update(post.id, { title: 'Lost' });
      await killAll();
      await posts.update(post.id, { content: 'Lost' });
    });
    await expect(work).rejects.toMatchObject(unavailable);
    expect(await read(store)).toEqual([post]);
    expect(await serves(store)).toBe(true);
  });
});

describe('a Postgres that cannot do what it is asked', () => {
  it('is unavailable to writes alone while it is read-only', async () => {
    await operator.query(`alter database ${name} set default_transaction_read_only = on`);
    const readOnly = postgresStore(open(url), [postgresPosts]);
    const posts = await read(readOnly);
    await expect(write(readOnly)).rejects.toMatchObject(because(/^25006/));
    await operator.query(`alter database ${name} reset default_transaction_read_only`);
    expect(await read(readOnly)).toEqual(posts);
    expect(await serves(postgresStore(open(url), [postgresPosts]))).toBe(true);
  });

  it('is unavailable while it has no connection to give, and serves once it has', async () => {
    const store = postgresStore(open(url), [postgresPosts]);
    const role = pg.escapeIdentifier(`limited_${randomUUID()}`);
    await operator.query(`create role ${role} login password 'limited' connection limit 1 in role pg_read_all_data`);
    onTestFinished(async () => void (await operator.query(`drop role ${role}`)));
    const limited = new URL(url);
    [limited.username, limited.password] = [role.slice(1, -1), 'limited'];

    const [holder, latecomer] = [openPg(limited.href), open(limited.href)];
    await holder.query(sql`select 1`);
    await expect(read(postgresStore(latecomer, [postgresPosts]))).rejects.toMatchObject(because(/^53300/));
    await expect(migrate(latecomer, [postgresPosts])).rejects.toMatchObject(because(/^53300/));
    await holder.close();
    expect(await read(postgresStore(latecomer, [postgresPosts]))).toEqual(await read(store));
  });

  it('is unavailable while all connections of the pool are in use, and serves once one is free', async () => {
    const database = open(url, { maxConnections: 1 });
    const store = postgresStore(database, [postgresPosts]);
    const timeout = because(/timeout exceeded when trying to connect/);
    expect(await database.transaction(() => failures(store))).toMatchObject([timeout, timeout]);
    expect(await serves(store)).toBe(true);
  });

  it('is unavailable to a statement that takes too long, and serves the next', async () => {
    const database = open(url, { maxConnections: 1 });
    await expect(database.query(sql`select pg_sleep(60)`)).rejects.toMatchObject(because(/^57014/));
    expect(await serves(postgresStore(database, [postgresPosts]))).toBe(true);
  });

  it('is unavailable to who waits too long for a row that another holds', async () => {
    const database = open(url);
    const store = postgresStore(database, [postgresPosts]);
    const post = await write(store);
    const update = () => store.unitOfWork.run(({ posts }) => posts.update(post.id, { title: 'Mine' }));
    await database.transaction(async ({ query }) => {
      await query(sql`select from ${database.table('posts')} where id = ${post.id} for update`);
      await expect(update()).rejects.toMatchObject(because(/^55P03/));
    });
    expect(await update()).toEqual({ ...post, title: 'Mine' });
  });
});

describe('transactions that get in each other’s way', () => {
  /** Holds callers until so many have come. */
  function gate(size: number): () => Promise<void> {
    let arrived = 0;
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    return () => {
      if (++arrived === size) open();
      return opened;
    };
  }

  it('are run again until each has done its work, when they wait for each other', async () => {
    const store = postgresStore(open(url), [postgresPosts]);
    const posts = [await write(store), await write(store)];
    const attempts = vi.fn<() => void>();
    const meeting = gate(2);
    const renameIn = (order: readonly Post[], title: string) =>
      store.unitOfWork.run(async (transaction) => {
        attempts();
        for (const { id } of order) {
          await transaction.posts.update(id, { title });
          await meeting();
        }
      });
    await Promise.all([renameIn(posts, 'A'), renameIn(posts.toReversed(), 'B')]);
    expect(attempts).toHaveBeenCalledTimes(3);
    const titles = (await store.posts.list({}, { skip: 0, limit: 2 })).map(({ title }) => title);
    expect([
      ['A', 'A'],
      ['B', 'B'],
    ]).toContainEqual(titles);
  });

  /** A database where the first so many transactions fail when they are about to commit. */
  function contended(database: Sql, failures: number, code: string): Sql {
    let left = failures;
    return {
      schema: database.schema,
      table: (name) => database.table(name),
      query: (statement) => database.query(statement),
      migrating: (work) => database.migrating(work),
      close: () => database.close(),
      transaction: (work) =>
        database.transaction(async (queries) => {
          const result = await work(queries);
          if (left-- > 0) await queries.query(sql`select refuse(${code})`);
          return result;
        }),
    };
  }

  it.each(['40001', '40P01'])('are run again after %s, and given up when that does not end', async (code) => {
    await operator.query(`
      create or replace function refuse(code text) returns void language plpgsql
      as $$ begin raise exception using errcode = code; end $$`);
    const database = open(url);
    const post = await write(postgresStore(contended(database, 3, code), [postgresPosts]));
    expect(await read(postgresStore(database, [postgresPosts]))).toEqual([post]);

    const refused = write(postgresStore(contended(database, Infinity, code), [postgresPosts]));
    await expect(refused).rejects.toMatchObject({ ...unavailable, cause: { code } });
    expect(await read(postgresStore(database, [postgresPosts]))).toEqual([post]);
  });
});

describe('an error of the database', () => {
  it.each<[what: string, statement: ReturnType<typeof sql>, code: string]>([
    ['a value of another type', sql`select ${'hunter2'}::bigint`, '22P02'],
    ['a value out of range', sql`select ${'271828182845904523536'}::bigint`, '22003'],
    [
      'a value that is taken',
      sql`insert into sallyport.closed_accounts select 271828, now() from generate_series(1, 2)`,
      '23505',
    ],
    ['a moment that is none', sql`select ${'hunter2'}::timestamptz`, '22007'],
  ])('keeps %s to itself', async (_what, statement, code) => {
    const error: unknown = await open(url)
      .query(statement)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SqlError);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|271828/);
  });
});
