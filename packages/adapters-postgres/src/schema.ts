import sql from 'sql-template-tag';
import { qualified } from './identifiers.ts';
import { isSchemaName } from './schema-name.ts';
import type { Queries, Sql } from './sql.ts';

/** The schema of the tables if none is named. */
export const defaultSchema = 'sallyport';

/** The schema that holds the bookkeeping of the first version, whose tables may be in another. */
export const firstVersionSchema = 'public';
export const firstVersionTable = 'sallyport_migrations';

/**
 * The schema of the tables in a database for which none was named: `public` if it has the bookkeeping of the first
 * version, otherwise the default. It reads only the catalog, which needs no privilege on `public`.
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

/** The same database, with the tables in another schema. Closing one of the two closes both. */
export function inSchema(database: Sql, schema: string): Sql {
  const location = locate(schema);
  return {
    ...location,
    query: (statement) => database.query(statement),
    transaction: (work) =>
      database.transaction((queries) =>
        work({
          ...location,
          query: (statement) => queries.query(statement),
          send: (statement) => queries.send(statement),
        }),
      ),
    migrating: (work) => database.migrating(work),
    poolState: database.poolState,
    close: () => database.close(),
  };
}

/**
 * The schema and the qualified names of the tables.
 *
 * @throws RangeError when a schema cannot have this name
 */
export function locate(schema: string = defaultSchema): Pick<Queries, 'schema' | 'table'> {
  if (!isSchemaName(schema)) throw new RangeError('The name of the schema is reserved, empty or longer than 63 bytes');
  return { schema, table: (name) => qualified(schema, name) };
}
