import sql from 'sql-template-tag';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { readFirstVersion } from '../../server/test/first-version.ts';
import {
  createMissingIndexes,
  findSchema,
  inSchema,
  migrate,
  type MigrationConnection,
  openPg,
  type PlannedMigration,
  planMigrations,
  type Sql,
} from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';
import { describeSchema } from './describe-schema.ts';

async function openDatabase(script: string): Promise<Sql> {
  const database = openPg((await createDatabase()).url);
  onTestFinished(() => database.close());
  await database.migrating((connection) => connection.run(script));
  return inSchema(database, await findSchema(database));
}

const weak = ['AccessShareLock', 'RowShareLock', 'RowExclusiveLock'];

/** The locks on these tables that a connection holds or waits for, stronger than those of rows. */
const locksOf = (connection: MigrationConnection, { schema }: Sql, tables: readonly string[], pid: number) =>
  connection.query<{ table: string; mode: string }>(sql`
    select distinct relname::text as table, mode from pg_locks join pg_class on pg_class.oid = relation
      join pg_namespace on pg_namespace.oid = relnamespace
    where pid = ${pid} and nspname = ${schema} and relname = any (${tables}) and mode <> all (${weak})`);

const strength = [
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** The strongest mode for each table, as the manual spells it. */
function strongest(locks: readonly { readonly table: string; readonly mode: string }[]): Record<string, string> {
  const byTable = new Map<string, string>();
  for (const { table, mode } of locks) {
    const before = byTable.get(table);
    if (!before || strength.indexOf(mode) > strength.indexOf(before)) byTable.set(table, mode);
  }
  const spell = (mode: string) =>
    mode
      .replace(/Lock$/, '')
      .replaceAll(/(?<=[a-z])[A-Z]/g, ' $&')
      .toUpperCase();
  return Object.fromEntries([...byTable].map(([table, mode]) => [table, spell(mode)]));
}

/** The strongest lock that a plan names for each table. */
function planned(plan: readonly PlannedMigration[], kind: PlannedMigration['kind']): Record<string, string> {
  const locks = plan.filter((step) => step.kind === kind).flatMap((step) => step.locks);
  return strongest(
    locks.map(({ table, mode }) => ({
      table,
      mode: `${mode.toLowerCase().replaceAll(/(^| )([a-z])/g, (_all, _space, letter: string) => letter.toUpperCase())}Lock`,
    })),
  );
}

describe.each(['full', 'at-0002', 'without-posts', 'posts-dropped'] as const)('the plan for %s', (dump) => {
  it('names each lock that migrating takes on a table that is there', async () => {
    const { sql: script, facts } = await readFirstVersion(dump);
    const database = await openDatabase(script);
    const plan = await planMigrations(database, [postgresPosts]);
    const tables = Object.keys(facts.counts).filter((table) => table !== 'sallyport_migrations');
    let taken: Record<string, string> = {};
    const watched: Sql = {
      ...inSchema(database, database.schema),
      migrating: (work) =>
        database.migrating((connection) =>
          work({
            ...connection,
            async run(text) {
              if (text === 'commit') {
                const [own] = await connection.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
                // A rewritten table has the same name and another file.
                taken = strongest(await locksOf(connection, database, tables, own!.pid));
              }
              return connection.run(text);
            },
          }),
        ),
    };
    await migrate(watched, [postgresPosts]);
    expect(taken).not.toEqual({});
    expect(planned(plan, 'transactional')).toEqual(taken);
  });
});

describe('the plan of a migration', () => {
  it('changes nothing, and says what would happen', async () => {
    const { sql: script } = await readFirstVersion('at-0002');
    const database = await openDatabase(script);
    await database.query(sql`analyze public.users, public.sessions, public.one_time_tokens`);
    const before = await describeSchema(database);
    const plan = await planMigrations(database, [postgresPosts]);
    expect(await describeSchema(database)).toEqual(before);
    expect(plan.map(({ name, kind }) => [name, kind])).toEqual([
      ['first-version/0003_rate-limits', 'transactional'],
      ['first-version/0004_sessions-of-a-user', 'transactional'],
      ['first-version/take-over', 'transactional'],
      ['core/0002_mails', 'transactional'],
      ['audit_ip', 'concurrent'],
      ['audit_transaction_id', 'concurrent'],
      ['users_search', 'concurrent'],
    ]);
    const [row] = await database.query<{ count: number }>(sql`select count(*) as count from public.users`);
    const takeOver = plan[2];
    expect(takeOver?.locks.find(({ table }) => table === 'users')).toEqual({
      table: 'users',
      mode: 'ACCESS EXCLUSIVE',
      rows: row?.count,
      bytes: expect.any(Number),
    });
    expect(takeOver?.seconds).toBeGreaterThan(0);
    expect(await migrate(database, [postgresPosts])).toEqual(plan.slice(0, 4).map(({ name }) => name));
  });

  it('has no locks on an empty database, and is empty on tables that are up to date', async () => {
    const database = await openDatabase('');
    expect(await planMigrations(database, [postgresPosts])).toEqual([
      { name: 'core/0001_baseline', kind: 'transactional', locks: [] },
      { name: 'core/0002_mails', kind: 'transactional', locks: [] },
      { name: 'posts/0001_baseline', kind: 'transactional', locks: [] },
    ]);
    await migrate(database, [postgresPosts]);
    expect(await planMigrations(database, [postgresPosts])).toEqual([]);
  });

  it('adds what later releases need to the tables of the first release', async () => {
    const database = await openDatabase('');
    await migrate(database, [postgresPosts]);
    const before = await describeSchema(database);
    await database.query(sql`alter table sallyport.one_time_tokens drop column mail`);
    await database.query(sql`alter table sallyport.outbox drop column counted`);
    await database.query(sql`delete from sallyport.sallyport_core_migrations where name <> '0001_baseline'`);
    const plan = await planMigrations(database, [postgresPosts]);
    const locked = (table: string) => expect.objectContaining({ table, mode: 'ACCESS EXCLUSIVE' }) as object;
    expect(plan).toMatchObject([{ name: 'core/0002_mails', locks: [locked('one_time_tokens'), locked('outbox')] }]);
    expect(await migrate(database, [postgresPosts])).toEqual(['core/0002_mails']);
    expect(await describeSchema(database)).toEqual(before);
  });

  it('names the lock of an index that is created while its table is in use', async () => {
    const database = await openDatabase('');
    await migrate(database, [postgresPosts]);
    await database.query(sql`drop index sallyport.users_search`);
    const plan = await planMigrations(database, [postgresPosts]);
    // While this transaction lasts, the index cannot be completed.
    const taken = await database.migrating(async (writer) => {
      await writer.run('begin');
      await writer.query(sql`
        insert into sallyport.users (email, name, search, role, is_active, email_verified, created_at)
        values ('ada@example.com', 'Ada', '', 'user', true, true, now())`);
      const created = createMissingIndexes(database, [postgresPosts]);
      let locks: readonly { table: string; mode: string }[] = [];
      while (locks.length === 0) {
        const [row] = await database.query<{ pid: number }>(sql`
          select pid from pg_stat_activity
          where datname = current_database() and query like 'create index%' and state = 'active'`);
        if (row) locks = await locksOf(writer, database, ['users'], row.pid);
      }
      await writer.run('commit');
      return { locks, created: await created };
    });
    expect(taken.created).toEqual(['users_search']);
    expect(planned(plan, 'concurrent')).toEqual(strongest(taken.locks));
  });
});
