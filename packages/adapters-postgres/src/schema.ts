import sql from 'sql-template-tag';
import { qualified } from './identifiers.ts';
import type { Queries, Sql } from './sql.ts';

/** The schema of our tables where no other is named. */
export const defaultSchema = 'sallyport';

/** The schema that holds the bookkeeping of the first version, whose tables may be in another. */
export const firstVersionSchema = 'public';
export const firstVersionTable = 'sallyport_migrations';

const longestName = 63;

/** Whether a schema of ours may have this name. PostgreSQL cuts longer ones and reserves some for itself. */
export function isSchemaName(name: string): boolean {
  const isReserved = /^pg_/i.test(name) || name === 'information_schema';
  return name !== '' && Buffer.byteLength(name) <= longestName && !name.includes('\0') && !isReserved;
}

/**
 * The schema that holds our tables in a database where none was named: `public` if the bookkeeping of the first
 * version is there, else the default. Reads the catalog alone, which needs no privilege on `public`.
 *
 * @throws SqlError | SallyportError `unavailable`
 */
export function findSchema(database: Pick<Sql, 'migrating'>): Promise<string> {
  return database.migrating(async (connection) => {
    const found = await connection.query(sql`
      select from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
      where nspname = ${firstVersionSchema} and relname = ${firstVersionTable} and relkind = 'r'`);
    return found.length > 0 ? firstVersionSchema : defaultSchema;
  });
}

/** The same database, with our tables in another schema. To close either is to close both. */
export function inSchema(database: Sql, schema: string): Sql {
  const location = locate(schema);
  return {
    ...location,
    query: (statement) => database.query(statement),
    transaction: (work) =>
      database.transaction((queries) => work({ ...location, query: (statement) => queries.query(statement) })),
    migrating: (work) => database.migrating(work),
    close: () => database.close(),
  };
}

/**
 * Where our tables are.
 *
 * @throws RangeError when no schema may have this name
 */
export function locate(schema: string = defaultSchema): Pick<Queries, 'schema' | 'table'> {
  if (!isSchemaName(schema)) throw new RangeError('The name of the schema is reserved, empty or longer than 63 bytes');
  return { schema, table: (name) => qualified(schema, name) };
}
