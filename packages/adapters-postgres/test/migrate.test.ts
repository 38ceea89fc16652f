import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { inSchema, migrate, type MigrationPart, missingIndexes, openPg, type Sql } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';
import { openPglite } from '../src/pglite.ts';

const stepsOf = async ({ name, directory }: MigrationPart) => {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted();
  return files.map((file) => `${name}/${file.replace(/\.sql$/, '')}`);
};
const coreSteps = await stepsOf({
  name: 'core',
  directory: fileURLToPath(new URL('../migrations/core', import.meta.url)),
});
const postsSteps = await stepsOf(postgresPosts);
const steps = [...coreSteps, ...postsSteps];

const taken = async (database: Sql) => {
  const rows = await database.query<{ name: string }>(sql`
    select 'core/' || name as name from sallyport.sallyport_core_migrations
    union all select 'posts/' || name from sallyport.sallyport_posts_migrations order by name`);
  return rows.map(({ name }) => name);
};

const relations = (database: Sql) =>
  database.query(sql`
    select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname not like 'pg_%' and nspname <> 'information_schema' order by 1, 2`);

describe.each<[string, () => Promise<Sql>]>([
  ['Postgres', async () => openPg((await createDatabase()).url)],
  ['PGlite', () => openPglite()],
])('migrate on %s', (_, open) => {
  let database: Sql;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.query(sql`drop schema if exists sallyport cascade`);
  });
  afterAll(() => database.close());

  it('takes every step on an empty database, in order, and then none', async () => {
    expect(await migrate(database, [postgresPosts])).toEqual(steps);
    expect(await migrate(database, [postgresPosts])).toEqual([]);
    expect(await taken(database)).toEqual(steps);
    expect(await missingIndexes(database, [postgresPosts])).toEqual([]);
  });

  it('takes all steps or none', async () => {
    await database.query(sql`create schema sallyport`);
    // In the way of the last thing that the last step makes.
    await database.query(sql`create table sallyport.posts_published ()`);
    const before = await relations(database);
    await expect(migrate(database, [postgresPosts])).rejects.toThrow(/posts_published.*Nothing was changed/s);
    expect(await relations(database)).toEqual(before);
    await database.query(sql`drop table sallyport.posts_published`);
    expect(await migrate(database, [postgresPosts])).toEqual(steps);
  });

  it('leaves tables alone that a newer version changed', async () => {
    await migrate(database, [postgresPosts]);
    await database.query(sql`
      insert into sallyport.sallyport_core_migrations (name, run_on) values ('9999_of-tomorrow', now())`);
    expect(await migrate(database, [postgresPosts])).toEqual([]);
    expect(await taken(database)).toEqual([...coreSteps, 'core/9999_of-tomorrow', ...postsSteps].toSorted());
  });

  it('takes the steps of the parts that are named, and of another part later', async () => {
    expect(await migrate(database)).toEqual(coreSteps);
    expect(await migrate(database, [postgresPosts])).toEqual(postsSteps);
  });

  it('leaves nothing set on the connection', async () => {
    const settings = () =>
      database.query(sql`select name, setting from pg_settings where source = 'session' order by 1`);
    const before = await settings();
    await migrate(database, [postgresPosts]);
    expect(await settings()).toEqual(before);
  });
});

describe('migrate on several nodes at once', () => {
  it('takes each step once, and every node finds the tables when it goes on', async () => {
    const { url } = await createDatabase();
    const nodes = Array.from({ length: 4 }, () => openPg(url));
    const results = await Promise.all(
      nodes.map(async (node) => {
        const ownSteps = await migrate(node, [postgresPosts]);
        await node.query(sql`select from ${node.table('users')}`);
        return ownSteps;
      }),
    );
    expect(results.flat()).toEqual(steps);
    expect(await taken(nodes[0]!)).toEqual(steps);
    for (const node of nodes) await node.close();
  });
});

describe('migrate through a pooler in transaction mode', () => {
  /** Runs each transaction on the connection whose turn it is, and what is outside of one wherever it comes. */
  function pooled(database: Sql): Sql {
    return {
      ...inSchema(database, database.schema),
      migrating: (work) =>
        database.migrating((first) =>
          database.migrating((second) => {
            let [current, other] = [first, second];
            let isInside = false;
            const next = (text: string) => {
              if (!isInside) [current, other] = [other, current];
              if (text.startsWith('begin')) isInside = true;
              if (['commit', 'rollback'].includes(text)) isInside = false;
              return current;
            };
            return work({
              isShared: true,
              hasOwnSession: true,
              query: (statement) => next(statement.text).query(statement),
              run: (script) => next(script).run(script),
            });
          }),
        ),
    };
  }

  it('takes every step, and leaves nothing set on either connection', async () => {
    const database = openPg((await createDatabase()).url);
    const state = () =>
      database.migrating((connection) =>
        connection.query(sql`
          select name, setting from pg_settings where source = 'session' order by 1`),
      );
    const before = await state();
    const through = pooled(database);
    let after: unknown;
    await migrate(
      {
        ...through,
        migrating: (work) =>
          through.migrating(async (connection) => {
            const result = await work(connection);
            const rows = [0, 1].map(() =>
              connection.query(sql`select name, setting from pg_settings where source = 'session' order by 1`),
            );
            after = await Promise.all(rows);
            return result;
          }),
      },
      [postgresPosts],
    );
    expect(after).toEqual([before, before]);
    expect(await taken(database)).toEqual(steps);
    await database.close();
  });
});
