import type { Email, NewUser } from '@sallyport/core';
import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore, type Sql } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';

const event = { type: 'user.registered', at: new Date(0), detail: {} } as const;
const ada: NewUser = {
  name: 'Ada',
  profile: {},
  email: 'ada@example.com' as Email,
  role: 'user',
  isActive: true,
  emailVerified: false,
  createdAt: new Date(0),
  passwordHash: 'hash',
};

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: (await createDatabase()).url });
});
afterAll(() => pool.end());

describe.each<[name: string, open: () => Promise<Sql>]>([
  ['a pool of its own', async () => openPg((await createDatabase()).url)],
  ['a pooler', async () => openPg((await createDatabase()).url, { pooler: 'transaction' })],
  ['a pool of the host', async () => openPg(pool)],
  ['PGlite', () => openPglite()],
])('on %s, a call that the work of a transaction does not await', (_, open) => {
  let database: Sql;
  beforeAll(async () => {
    database = await open();
    await migrate(database);
  });
  afterAll(() => database.close());
  beforeEach(() => database.query(sql`truncate ${database.table('users')}, ${database.table('audit')}`));

  const audited = async () => (await postgresStore(database).audit.list({}, { skip: 0, limit: 10 })).length;

  it('is refused if it comes after the work, during the commit', async () => {
    let late: unknown;
    await postgresStore(database).unitOfWork.run(async ({ audit }) => {
      await audit.append(event);
      late = new Promise((resolve) => setImmediate(resolve)).then(() => audit.append(event)).catch(String);
    });
    expect(await late).toBe('Error: The transaction is over');
    expect(await audited()).toBe(1);
  });

  it('is committed with the rest if it was made before', async () => {
    const { unitOfWork, users } = postgresStore(database);
    await unitOfWork.run(async (transaction) => {
      await transaction.audit.append(event);
      void transaction.users.append(ada);
    });
    expect([await audited(), await users.list({}, { skip: 0, limit: 10 })]).toMatchObject([1, [{ name: 'Ada' }]]);
  });

  it('fails the transaction if it fails during the commit, and nothing is stored', async () => {
    const { unitOfWork } = postgresStore(database);
    await unitOfWork.run(({ users }) => users.append(ada));
    const run = unitOfWork.run(async ({ users, audit }) => {
      await audit.append(event);
      void users.append(ada).catch(() => {});
    });
    await expect(run).rejects.toMatchObject({ code: '25P02' });
    expect(await audited()).toBe(0);
  });
});
