import sql from 'sql-template-tag';
import { qualified, quoted } from '../identifiers.ts';
import { defaultSchema, firstVersionSchema, firstVersionTable } from '../schema.ts';
import type { MigrationConnection } from '../sql.ts';
import { readAccess, readTables, type Table } from './catalog.ts';
import { MigrationError } from './migration-error.ts';
import { refuseUnlessMayTakeOver } from './privileges.ts';

/** What the first version left in a database whose schema is still to be filled. */
export interface FirstVersion {
  /** Whether its tables are in this schema. If not, there is only bookkeeping, without a record. */
  readonly hasTables: boolean;
  /** The migrations that it had applied. */
  readonly applied: readonly string[];
}

const bookkeeping = qualified(firstVersionSchema, firstVersionTable);

/**
 * The new name of its first migration. With it, nodes of the first version refuse to start, because their migrations no
 * longer match.
 */
const takenOver = 'taken over by a later version, in the schema ';

/**
 * Finds the records of the first version that concern this schema. Its tables are where its `search_path` led. Its
 * bookkeeping is always in `public`.
 *
 * @returns undefined if the schema is to be filled as if there had been no first version
 * @throws MigrationError when its tables are in another schema, so that this schema is probably a mistake
 */
export async function readFirstVersion(
  connection: MigrationConnection,
  schema: string,
): Promise<FirstVersion | undefined> {
  const table = (await readTables(connection, firstVersionSchema, [firstVersionTable])).get(firstVersionTable);
  if (!table) return undefined;
  const schemas = await schemasWithTables(connection);
  const hasTables = schemas.includes(schema);
  const [other] = schemas;
  if (!hasTables && other !== undefined && [defaultSchema, firstVersionSchema].includes(schema)) {
    throw new MigrationError(
      `${inSchema(other)} To take them over, set DATABASE_SCHEMA or the option schema to that name.`,
    );
  }
  if (!hasTables && schema !== firstVersionSchema) return undefined;
  const applied = await readApplied(connection, table);
  if (!hasTables) refuseWithoutTables(applied[0]);
  return { hasTables, applied };
}

/** Makes nodes of the first version refuse to start. */
export async function retireFirstVersion(connection: MigrationConnection, schema: string): Promise<void> {
  const name = takenOver + quoted(schema);
  const renamed = await connection.query(sql`
    update ${bookkeeping} set name = ${name}
    where id = (select id from ${bookkeeping} order by run_on, id limit 1) returning id`);
  if (renamed.length > 0) return;
  await connection.query(sql`insert into ${bookkeeping} (name, run_on) values (${name}, now())`);
}

/**
 * Waits for a node of the first version that is migrating, and makes others wait. The lock is that of node-pg-migrate.
 */
export async function lockFirstVersion(connection: MigrationConnection): Promise<void> {
  await connection.query(sql`select pg_advisory_xact_lock(7241865325823964)`);
}

async function readApplied(connection: MigrationConnection, table: Table): Promise<readonly string[]> {
  refuseUnlessMayTakeOver(firstVersionSchema, await readAccess(connection, firstVersionSchema), table);
  const rows = await connection.query<{ readonly name: string }>(
    sql`select name from ${bookkeeping} order by run_on, id`,
  );
  return rows.map(({ name }) => name);
}

async function schemasWithTables(connection: MigrationConnection): Promise<readonly string[]> {
  const rows = await connection.query<{ readonly schema: string }>(sql`
    select nspname::text as schema
    from pg_catalog.pg_namespace
      join pg_catalog.pg_class as users on users.relnamespace = pg_namespace.oid and users.relname = 'users'
      join pg_catalog.pg_class as sessions on sessions.relnamespace = pg_namespace.oid and sessions.relname = 'sessions'
      join pg_catalog.pg_attribute as name_folded on name_folded.attrelid = users.oid
        and name_folded.attname = 'name_folded' and not name_folded.attisdropped
      join pg_catalog.pg_attribute as last_used_at on last_used_at.attrelid = sessions.oid
        and last_used_at.attname = 'last_used_at' and not last_used_at.attisdropped
    order by nspname`);
  return rows.map(({ schema }) => schema);
}

function refuseWithoutTables(first: string | undefined): void {
  if (first === undefined) return;
  if (first.startsWith(takenOver)) {
    const schema = first.slice(takenOver.length);
    throw new MigrationError(
      `The tables are in the schema ${schema}. Set DATABASE_SCHEMA or the option schema to that name.`,
    );
  }
  const name = `${quoted(firstVersionSchema)}.${quoted(firstVersionTable)}`;
  throw new MigrationError(
    `${name} says that the tables of the prototype exist, but no schema has them. ` +
      `Restore them, or drop ${name} to begin with empty tables.`,
  );
}

const inSchema = (schema: string) => `The tables of the prototype are in the schema ${quoted(schema)}.`;
