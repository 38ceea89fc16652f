import { migrate, postgresStore, type Sql } from '@sallyport/adapters-postgres';
import { openPglite } from '@sallyport/adapters-postgres/pglite';
import sql, { join } from 'sql-template-tag';
import { type Database, inThisProcess } from '../src/database.ts';
import { postgresParts } from '../src/modules.ts';

/** The databases of this worker that no server uses. A new one takes a second, so the files of a worker share them. */
const free: Sql[] = [];

/** An embedded database without rows. To close it makes it available to the next server. */
export async function openEmbedded(): Promise<Database> {
  const database = free.pop() ?? (await create());
  return {
    store: postgresStore(database, postgresParts),
    ...inThisProcess(),
    ready: async () => void (await database.query(sql`select 1`)),
    async close() {
      await empty(database);
      free.push(database);
    },
  };
}

async function create(): Promise<Sql> {
  const database = await openPglite();
  await migrate(database, postgresParts);
  return database;
}

/** Deletes every row and restarts every id. For so few rows, that costs less than to truncate. */
async function empty(database: Sql): Promise<void> {
  const tables = await database.query<{ name: string; serial: string | null }>(sql`
    select relname::text as name,
      (select pg_get_serial_sequence(pg_class.oid::regclass::text, attname) from pg_attribute
        where attrelid = pg_class.oid and attidentity <> '') as serial
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${database.schema} and relkind = 'r' and relname not like '%_migrations'`);
  const serials = tables.flatMap(({ serial }) => serial ?? []);
  await database.query(sql`
    do $$ begin ${join(
      tables.map(({ name }) => sql`delete from ${database.table(name)};`),
      ' ',
    )} end $$`);
  for (const serial of serials) await database.query(sql`select setval(${serial}, 1, false)`);
}
