import sql from 'sql-template-tag';
import type { MigrationConnection } from '../sql.ts';

/** What a role may do in a schema. */
export interface Access {
  readonly role: string;
  readonly database: string;
  readonly mayCreateSchemas: boolean;
  readonly schemaExists: boolean;
  readonly mayUse: boolean;
  readonly mayCreate: boolean;
}

/** An existing table, and what the role may do with it. */
export interface Table {
  readonly name: string;
  /** Whether it belongs to the role, or to a role that this one is a member of. */
  readonly isOwn: boolean;
  readonly mayRead: boolean;
  /** Whether the role may read it and change its rows. */
  readonly mayWrite: boolean;
}

export async function readAccess(connection: MigrationConnection, schema: string): Promise<Access> {
  const [access] = await connection.query<Access>(sql`
    select current_user::text as role, current_database()::text as database,
      has_database_privilege(current_database(), 'create') as "mayCreateSchemas",
      oid is not null as "schemaExists",
      coalesce(has_schema_privilege(oid, 'usage'), false) as "mayUse",
      coalesce(has_schema_privilege(oid, 'create'), false) as "mayCreate"
    from (select) as one left join pg_catalog.pg_namespace on nspname = ${schema}`);
  return access as Access;
}

/**
 * The tables of this list that exist in a schema, including other kinds of relations with their names. It needs no
 * privilege.
 */
export async function readTables(
  connection: MigrationConnection,
  schema: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Table>> {
  const rows = await connection.query<Table>(sql`
    select relname::text as name, pg_has_role(relowner, 'usage') as "isOwn",
      has_table_privilege(pg_class.oid, 'select') as "mayRead",
      has_table_privilege(pg_class.oid, 'select') and has_table_privilege(pg_class.oid, 'insert')
        and has_table_privilege(pg_class.oid, 'update') and has_table_privilege(pg_class.oid, 'delete') as "mayWrite"
    from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${schema} and relname = any (${names}) and relkind in ('r', 'p', 'v', 'm', 'f', 'c')
    order by relname`);
  return new Map(rows.map((row) => [row.name, row]));
}

/** Whether each of these indexes exists and is complete. */
export async function readIndexes(
  connection: Pick<MigrationConnection, 'query'>,
  schema: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await connection.query<{ readonly name: string; readonly valid: boolean }>(sql`
    select relname::text as name, indisvalid as valid
    from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
      join pg_catalog.pg_index on indexrelid = pg_class.oid
    where nspname = ${schema} and relname = any (${names})`);
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}
