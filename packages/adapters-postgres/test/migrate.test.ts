import { readdir } from 'node:fs/promises';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore, type Sql } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';

const files = await readdir(new URL('../migrations', import.meta.url));
const steps = files.map((file) => file.replace(/\.sql$/, '')).toSorted();

const taken = async (database: Sql) => {
  const rows = await database.query<{ name: string }>(sql`select name from sallyport_migrations order by id`);
  return rows.map(({ name }) => name);
};

describe.each<[string, () => Promise<Sql>]>([
  ['Postgres', async () => openPg((await createDatabase()).url)],
  ['PGlite', () => openPglite()],
])('migrate on %s', (_, open) => {
  let database: Sql;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.query(sql`drop schema public cascade`);
    await database.query(sql`create schema public`);
  });
  afterAll(() => database.close());

  it('takes every step of an empty database, in order, and then none', async () => {
    expect(await migrate(database)).toEqual(steps);
    expect(await migrate(database)).toEqual([]);
    expect(await taken(database)).toEqual(steps);
  });

  it('takes all steps or none', async () => {
    // In the way of the last thing that the first step makes.
    await database.query(sql`create table posts_published ()`);
    await expect(migrate(database)).rejects.toThrow(/posts_published/);
    await expect(database.query(sql`select from users`)).rejects.toMatchObject({ code: '42P01' });
    await database.query(sql`drop table posts_published`);
    expect(await migrate(database)).toEqual(steps);
  });

  it('leaves a schema alone that a newer version brought further', async () => {
    await migrate(database);
    await database.query(sql`insert into sallyport_migrations (name, run_on) values ('9999_of-tomorrow', now())`);
    expect(await migrate(database)).toEqual([]);
    expect(await taken(database)).toEqual([...steps, '9999_of-tomorrow']);
  });

  it('lets nodes of the first release go on while a newer one is rolled out', async () => {
    await migrate(database);
    await database.query(sql`
      insert into users
        (email, name, name_folded, age, city, role, is_active, email_verified, created_at, password_hash)
      values ('ada@example.com', 'Ada', 'ada', 36, 'London', 'user', true, false, now(), 'hash')`);
    await database.query(sql`
      insert into sessions (id, user_id, created_at, last_used_at, expires_at)
      values ('AAAAAAAAAAAAAAAAAAAAAA', 1, now(), now(), now() + interval '1 day')`);
    const { sessions } = postgresStore(database);
    const found = await sessions.findWithUser('AAAAAAAAAAAAAAAAAAAAAA');
    expect(found).toMatchObject({ user: { name: 'Ada' }, session: { generation: 0, turnedAt: expect.any(Date) } });
  });
});

describe('migrate on several nodes at once', () => {
  it('takes each step once, and every node finds the schema when it goes on', async () => {
    const { url } = await createDatabase();
    const nodes = Array.from({ length: 4 }, () => openPg(url));
    const results = await Promise.all(
      nodes.map(async (node) => {
        const ownSteps = await migrate(node);
        await node.query(sql`select from users`);
        return ownSteps;
      }),
    );
    expect(results.flat()).toEqual(steps);
    expect(await taken(nodes[0] as Sql)).toEqual(steps);
    for (const node of nodes) await node.close();
  });
});
