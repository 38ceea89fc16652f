import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { type FirstVersionDump, firstVersionDumps, readFirstVersion } from '../../server/test/first-version.ts';
import { createMissingIndexes, findSchema, inSchema, migrate, missingIndexes, openPg, type Sql } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';
import { openPglite } from '../src/pglite.ts';
import { describeSchema } from './describe-schema.ts';

/** A database in which a script ran, with our tables where the server finds them. */
async function openWith(open: () => Promise<Sql>, script: string): Promise<Sql> {
  const database = await open();
  onTestFinished(() => database.close());
  await database.migrating((connection) => connection.run(script));
  return inSchema(database, await findSchema(database));
}

const onPostgres = async () => openPg((await createDatabase()).url);

const firstVersionDirectory = fileURLToPath(new URL('../migrations/first-version', import.meta.url));

/** Starts as the first version does. */
const startFirstVersion = (database: Sql) =>
  database.migrating((connection) =>
    runner({
      dbClient: { query: async (text: string) => ({ rows: await connection.run(text) }) } as never,
      dir: firstVersionDirectory,
      direction: 'up',
      migrationsTable: 'sallyport_migrations',
      singleTransaction: true,
      advisoryLockMode: 'wait',
      log: () => {},
    }),
  );

// PGlite runs the same SQL, and needs seconds for each.
describe.each<[string, () => Promise<Sql>, readonly FirstVersionDump[]]>([
  ['Postgres', onPostgres, firstVersionDumps],
  ['PGlite', () => openPglite(), ['full']],
])('the tables of the first version on %s', (store, open, dumps) => {
  let fresh: readonly string[];
  beforeAll(async () => {
    const database = inSchema(await open(), 'public');
    await migrate(database, [postgresPosts]);
    fresh = await describeSchema(database);
    await database.close();
  });

  it.each(dumps)('become the same as new ones and keep their rows: %s', async (dump) => {
    const { sql: script, facts } = await readFirstVersion(dump);
    const database = await openWith(open, script);
    expect(database.schema).toBe('public');
    expect(await migrate(database, [postgresPosts])).toContain('first-version/take-over');
    expect(await migrate(database, [postgresPosts])).toEqual([]);

    const { sallyport_migrations: _, ...counts } = facts.counts;
    for (const [table, count] of Object.entries(counts)) {
      const [row] = await database.query<{ count: number }>(
        sql`select count(*) as count from ${database.table(table)}`,
      );
      expect([table, row?.count]).toEqual([table, count]);
    }
    await expect(startFirstVersion(database)).rejects.toThrow(/taken over by a later version, in the schema "public"/);

    const created = await createMissingIndexes(database, [postgresPosts]);
    expect(created).toEqual(store === 'Postgres' ? ['audit_ip', 'audit_transaction_id', 'users_search'] : []);
    expect(await missingIndexes(database, [postgresPosts])).toEqual([]);
    expect(await describeSchema(database)).toEqual(fresh);
  });
});

describe('taking over the first version', () => {
  it('gives members a profile, a name in one normal form, and the words that they are found by', async () => {
    const { sql: script, facts } = await readFirstVersion('full');
    const database = await openWith(onPostgres, script);
    await migrate(database, [postgresPosts]);
    const rows = await database.query(sql`
      select id, email, name, profile, security_version, external_id, role,
        search @@ array_to_string(array[quote_literal(email)], '')::tsquery as is_found
      from ${database.table('users')} order by id`);
    const members = Object.values(facts.members).toSorted((a, b) => a.id - b.id);
    expect(rows).toEqual(
      members.map(({ id, email, name, age, city, role }) => ({
        id,
        email,
        name: name.normalize('NFC'),
        profile: { age, city: city.normalize('NFC') },
        security_version: 1,
        external_id: null,
        role,
        is_found: true,
      })),
    );
    const [zoe] = await database.query(sql`
      select count(*) as count from ${database.table('users')} where search @@ 'zoe'::tsquery`);
    expect(zoe).toEqual({ count: 2 });
  });

  it('says of each session that it began with a password, when it was opened', async () => {
    const { sql: script, facts } = await readFirstVersion('full');
    const database = await openWith(onPostgres, script);
    await migrate(database, [postgresPosts]);
    const sessions = Object.values(facts.members).flatMap((member) => member.sessions);
    for (const { id, createdAt, generation } of sessions) {
      const [row] = await database.query(sql`
        select generation, methods, authenticated_at from ${database.table('sessions')} where id = ${id}`);
      expect(row).toEqual({ generation, methods: ['pwd'], authenticated_at: new Date(createdAt) });
    }
  });

  it('gives no id out again', async () => {
    const { sql: script, facts } = await readFirstVersion('full');
    const database = await openWith(onPostgres, script);
    await migrate(database, [postgresPosts]);
    for (const [table, last] of Object.entries(facts.lastIds)) {
      if (table === 'sallyport_migrations') continue;
      const [row] = await database.query<{ next: number }>(sql`
        select nextval(pg_get_serial_sequence(${`public.${table}`}, 'id')) as next`);
      expect([table, row?.next]).toEqual([table, last + 1]);
    }
  });

  it('changes nothing where it cannot be finished, and says why', async () => {
    const { sql: script } = await readFirstVersion('at-0002');
    const database = await openWith(onPostgres, script);
    await database.query(sql`create view public.ages as select id, age from public.users`);
    const before = await describeSchema(database);
    await expect(migrate(database, [postgresPosts])).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/cannot drop column age .*Nothing was changed/),
    });
    expect(await describeSchema(database)).toEqual(before);
    await database.query(sql`drop view public.ages`);
    expect(await migrate(database, [postgresPosts])).toContain('first-version/take-over');
  });

  it('refuses tables that are not complete', async () => {
    const { sql: script } = await readFirstVersion('without-posts');
    const database = await openWith(onPostgres, script);
    await database.query(sql`drop table public.audit`);
    await expect(migrate(database, [postgresPosts])).rejects.toThrow(
      'The schema "public" lacks tables of the prototype: audit. Nothing was changed.',
    );
  });

  it('waits for a node of the first version that migrates, and goes on from what it left', async () => {
    const { sql: script } = await readFirstVersion('at-0002');
    const database = await openWith(onPostgres, script);
    const { migrated } = await database.migrating(async (connection) => {
      await connection.run('select pg_advisory_lock(7241865325823964); begin');
      for (const name of ['0003_rate-limits', '0004_sessions-of-a-user']) {
        await connection.run(await readFile(join(firstVersionDirectory, `${name}.sql`), 'utf8'));
        await connection.query(sql`insert into public.sallyport_migrations (name, run_on) values (${name}, now())`);
      }
      const migrated = migrate(database, [postgresPosts]);
      await vi.waitFor(async () => {
        const waiting = await database.query(sql`
          select from pg_locks join pg_database on pg_database.oid = database
          where datname = current_database() and locktype = 'advisory' and not granted`);
        expect(waiting).toHaveLength(1);
      }, 10_000);
      await connection.run('commit');
      return { migrated };
    });
    expect(await migrated).toEqual(['first-version/take-over', 'core/0002_mails']);
  });
});

describe('the bookkeeping of the first version', () => {
  /** Tables that `search_path` led to a schema other than that of their bookkeeping. */
  async function openElsewhere(): Promise<Sql> {
    const { sql: script, facts } = await readFirstVersion('full');
    const database = await openWith(onPostgres, script);
    const tables = Object.keys(facts.counts).filter((table) => table !== 'sallyport_migrations');
    await database.query(sql`create schema "Elsewhere"`);
    for (const table of tables) {
      await database.query(sql`
        do ${sql([`$$ begin alter table public.${table} set schema "Elsewhere"; end $$`])}`);
    }
    return database;
  }

  it.each(['public', 'sallyport'])('without its tables, refuses the schema %s and names theirs', async (schema) => {
    const database = inSchema(await openElsewhere(), schema);
    await expect(migrate(database, [postgresPosts])).rejects.toThrow(
      'The tables of the prototype are in the schema "Elsewhere". To take them over, set DATABASE_SCHEMA or the option schema to that name.',
    );
    expect(await describeSchema(database)).toEqual([]);
  });

  it('leads to tables in the schema that is named, and to no other afterwards', async () => {
    const database = await openElsewhere();
    const elsewhere = inSchema(database, 'Elsewhere');
    expect(await migrate(elsewhere, [postgresPosts])).toContain('first-version/take-over');
    const fresh = inSchema(await openWith(onPostgres, ''), 'Elsewhere');
    await migrate(fresh, [postgresPosts]);
    await createMissingIndexes(elsewhere, [postgresPosts]);
    expect(await describeSchema(elsewhere)).toEqual(await describeSchema(fresh));
    await expect(migrate(database, [postgresPosts])).rejects.toThrow('The tables are in the schema "Elsewhere".');
    await expect(startFirstVersion(database)).rejects.toThrow(/in the schema "Elsewhere"/);
  });

  it('leaves a second deployment alone, in a schema of its own', async () => {
    const second = inSchema(await openElsewhere(), 'second');
    expect(await migrate(second, [postgresPosts])).toEqual([
      'core/0001_baseline',
      'core/0002_mails',
      'posts/0001_baseline',
    ]);
  });

  const bookkeeping = `
    create table public.sallyport_migrations (id serial primary key, name varchar(255) not null, run_on timestamp not null);`;

  it('without a record, has tables begin in public and nodes of the first version refuse', async () => {
    const database = await openWith(onPostgres, bookkeeping);
    expect(database.schema).toBe('public');
    expect(await migrate(database, [postgresPosts])).toEqual([
      'first-version/retire',
      'core/0001_baseline',
      'core/0002_mails',
      'posts/0001_baseline',
    ]);
    expect(await migrate(database, [postgresPosts])).toEqual([]);
    await expect(startFirstVersion(database)).rejects.toThrow(/taken over by a later version/);
  });

  it('without tables anywhere, says how to go on', async () => {
    const script = `${bookkeeping} insert into public.sallyport_migrations (name, run_on) values ('0001_accounts', now())`;
    const database = await openWith(onPostgres, script);
    await expect(migrate(database, [postgresPosts])).rejects.toThrow(
      /Restore them, or drop "public"."sallyport_migrations"/,
    );
    await database.query(sql`drop table public.sallyport_migrations`);
    expect(await findSchema(database)).toBe('sallyport');
  });
});
