import { testApplication } from '@sallyport/adapters-memory/testing';
import { anyone, type DomainEvent, type Joined } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { joinPg, migrate, openPg, postgresStore, type Sql } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';

const parts = [postgresPosts] as const;
const schema = 'auth';
let pool: pg.Pool;
let database: Sql;

beforeAll(async () => {
  const { url } = await createDatabase();
  pool = new pg.Pool({ connectionString: url });
  database = openPg(pool, { schema });
  await migrate(database, parts);
  await pool.query('create table users (id bigint primary key, plan text not null)');
});
afterAll(() => pool.end());
beforeEach(() => pool.query(`truncate users, auth.users, auth.outbox, auth.audit, auth.posts, auth.sessions`));

const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123' };
const bob = { name: 'Bob', email: 'bob@example.com', password: 'secret123' };

/** An application of the host on its pool, and the events that its subscriber received. */
function host() {
  const { application, ports } = testApplication({ ports: postgresStore(database, parts), modules: [posts] });
  const events: DomainEvent[] = [];
  application.events.on('*', (event) => void events.push(event));
  return { application, events, ports };
}

type Application = ReturnType<typeof host>['application'];

/** Runs work in a transaction of the host, which ends with this command. */
async function inTransaction<Result>(
  application: Application,
  end: 'commit' | 'rollback',
  work: (joined: Joined, client: pg.PoolClient) => Promise<Result>,
  begin = 'begin',
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const joined = application.join(postgresStore(await joinPg(client, { schema }), parts));
    const result = await work(joined, client);
    await client.query(end);
    if (end === 'commit') joined.committed();
    return result;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** How many rows the store has of each kind, and how many the host has. */
async function counts() {
  const { rows } = await pool.query<Record<string, string>>(`
    select (select count(*) from auth.users) as accounts, (select count(*) from auth.outbox) as mails,
      (select count(*) from auth.audit) as audit, (select count(*) from auth.posts) as posts,
      (select count(*) from users) as own`);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, count]) => [name, Number(count)]));
}

const nothing = { accounts: 0, mails: 0, audit: 0, posts: 0, own: 0 };
const register = async (joined: Joined, client: pg.PoolClient) => {
  const { id } = await joined.register.execute(anyone, ada);
  await client.query('insert into users values ($1, $2)', [id, 'free']);
};

describe('use cases in a transaction of the host', () => {
  it('are committed with it: account, mail, audit and the rows of the host, and then their events', async () => {
    const { application, events } = host();
    await inTransaction(application, 'commit', async (joined, client) => {
      await register(joined, client);
      expect(await counts()).toEqual(nothing);
      expect(events).toEqual([]);
    });
    expect(await counts()).toEqual({ ...nothing, accounts: 1, mails: 1, audit: 1, own: 1 });
    expect(events.map(({ type }) => type)).toEqual(['user.registered']);
  });

  it('are rolled back with it, and no subscriber hears of them', async () => {
    const { application, events } = host();
    await inTransaction(application, 'rollback', register);
    expect(await counts()).toEqual(nothing);
    expect(events).toEqual([]);
  });

  it('leave it usable when they refuse, without what they had written', async () => {
    const { application, events } = host();
    await inTransaction(application, 'commit', async (joined, client) => {
      await register(joined, client);
      await expect(joined.register.execute(anyone, { ...ada, name: 'Again' })).rejects.toMatchObject({
        code: 'email_taken',
      });
      await joined.register.execute(anyone, bob);
    });
    expect(await counts()).toEqual({ ...nothing, accounts: 2, mails: 2, audit: 2, own: 1 });
    expect(events).toHaveLength(2);
  });

  it('see what the host has written there, and other callers do not', async () => {
    const { application } = host();
    await application.register.execute(anyone, ada);
    const { accessToken } = await application.login.execute(anyone, ada);
    const member = await application.authenticate.execute(anyone, { accessToken });
    await inTransaction(application, 'rollback', async (joined, client) => {
      await client.query(`update auth.users set name = 'Countess'`);
      expect((await joined.getProfile.execute(member)).name).toBe('Countess');
      expect((await application.getProfile.execute(member)).name).toBe('Ada');
      await client.query(`update auth.users set is_active = false`);
      await expect(joined.updateProfile.execute(member, { name: 'Ada King' })).rejects.toMatchObject({
        code: 'account_deactivated',
      });
    });
  });

  it('include those of a module, and wait for each other', async () => {
    const { application, events } = host();
    await application.register.execute(anyone, ada);
    const { accessToken } = await application.login.execute(anyone, ada);
    const member = await application.authenticate.execute(anyone, { accessToken });
    const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
    await inTransaction(application, 'commit', async (joined) => {
      const { createPost, listMyPosts } = joined.use(posts);
      await Promise.all([createPost.execute(member, text), createPost.execute(member, text)]);
      expect((await listMyPosts.execute(member)).items).toHaveLength(2);
      await joined.updateProfile.execute(member, { name: 'Ada King' });
    });
    expect((await counts())['posts']).toBe(2);
    expect((await application.getProfile.execute(member)).name).toBe('Ada King');
    expect(events.map(({ type }) => type)).toEqual(['user.registered', 'user.logged_in']);
  });

  it('wait for each other also in several joins on one client, so that a refusal undoes nothing but its own', async () => {
    const { application } = host();
    await inTransaction(application, 'commit', async (_, client) => {
      const [first, second] = await Promise.all([joinPg(client), joinPg(client)]);
      const insert = (sql: Sql, id: number, outcome: () => unknown) =>
        sql.transaction(async ({ query }) => {
          await query({ text: `insert into users values (${id}, 'free')`, values: [] });
          await query({ text: 'select pg_sleep(0.01)', values: [] });
          return outcome();
        });
      const refusal = new Error('refused');
      const refuse = () => Promise.reject(refusal);
      const outcomes = await Promise.allSettled([insert(first, 1, () => 'kept'), insert(second, 2, refuse)]);
      expect(outcomes).toEqual([
        { status: 'fulfilled', value: 'kept' },
        { status: 'rejected', reason: refusal },
      ]);
    });
    expect(await counts()).toEqual({ ...nothing, own: 1 });
  });

  it('are refused after it', async () => {
    const { application } = host();
    const sentence = 'The transaction of the host is over: join the next one';
    const { id } = await application.register.execute(anyone, ada);
    for (const end of ['commit', 'rollback']) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const store = postgresStore(await joinPg(client, { schema }), parts);
        const joined = application.join(store);
        await client.query(end);
        await expect(joined.register.execute(anyone, bob)).rejects.toThrow(sentence);
        await expect(store.users.findById(id)).rejects.toThrow(sentence);
      } finally {
        client.release();
      }
    }
  });

  it('give their events once, however often the host reports the commit', async () => {
    const { application, events } = host();
    const joined = await inTransaction(application, 'commit', async (one, client) => {
      await register(one, client);
      return one;
    });
    joined.committed();
    expect(events).toHaveLength(1);
  });

  it('are only those whose refusals need no record', async () => {
    const { application } = host();
    await inTransaction(application, 'rollback', async (joined) => {
      for (const name of ['login', 'refresh', 'changePassword', 'resetPassword', 'verifyEmail', 'forgotPassword']) {
        expect(joined).not.toHaveProperty(name);
      }
    });
  });

  it('are refused with a store that lacks a port of a module, which would read elsewhere', async () => {
    const { application } = host();
    const client = await pool.connect();
    try {
      await client.query('begin');
      const store = postgresStore(await joinPg(client, { schema }));
      expect(() => application.join(store)).toThrow('The store of the transaction lacks the port "posts"');
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('are refused without a transaction, and at another isolation level', async () => {
    const { application } = host();
    const joined = (begin: string) => inTransaction(application, 'rollback', register, begin);
    await expect(joined('select 1')).rejects.toThrow('The client has no open transaction: begin one first');
    await expect(joined('begin isolation level repeatable read')).rejects.toThrow(
      'The transaction must be READ COMMITTED, not REPEATABLE READ',
    );
    await expect(joined('begin isolation level serializable')).rejects.toThrow('not SERIALIZABLE');
    expect(await counts()).toEqual(nothing);
  });
});
