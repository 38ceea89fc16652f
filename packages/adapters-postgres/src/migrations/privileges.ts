import sql, { join, type Sql } from 'sql-template-tag';
import { identifier, qualified } from '../identifiers.ts';
import type { Access, Table } from './catalog.ts';
import { MigrationError } from './migration-error.ts';

/**
 * Refuses a role that could not apply the pending steps, and names the statements that would allow it to.
 *
 * @throws MigrationError
 */
export function refuseUnlessMayMigrate(schema: string, access: Access, tables: Iterable<Table>): void {
  const [place, role] = [identifier(schema), identifier(access.role)];
  const grant = sql`grant usage, create on schema ${place} to ${role}`;
  const missing = access.schemaExists ? [] : [sql`create schema ${place}`];
  if (!access.schemaExists && access.mayCreateSchemas) return;
  const foreign = [...tables].filter(({ isOwn }) => !isOwn);
  const statements = [
    ...missing,
    ...(access.mayUse && access.mayCreate ? [] : [grant]),
    ...foreign.map(({ name }) => sql`alter table ${qualified(schema, name)} owner to ${role}`),
  ];
  if (statements.length === 0) return;
  const verb = access.schemaExists ? 'change the tables in' : 'create';
  refuse(`The role ${role.sql} may not ${verb} the schema ${place.sql}`, statements);
}

/**
 * Refuses a role that could not serve on tables that are up to date, and names the statements that would allow it to.
 *
 * @throws MigrationError
 */
export function refuseUnlessMayServe(
  schema: string,
  access: Access,
  tables: Iterable<Table>,
  bookkeeping: ReadonlySet<string>,
): void {
  const [place, role] = [identifier(schema), identifier(access.role)];
  const all = [...tables];
  const unreadable = all.filter(({ name, mayRead }) => bookkeeping.has(name) && !mayRead);
  const closed = all.filter(({ name, mayWrite }) => !bookkeeping.has(name) && !mayWrite);
  const on = (some: readonly Table[]) => join(some.map(({ name }) => qualified(schema, name)));
  const grants = [
    ...(access.schemaExists && !access.mayUse ? [sql`grant usage on schema ${place} to ${role}`] : []),
    ...(unreadable.length > 0 ? [sql`grant select on ${on(unreadable)} to ${role}`] : []),
    ...(closed.length > 0 ? [sql`grant select, insert, update, delete on ${on(closed)} to ${role}`] : []),
  ];
  if (grants.length > 0) refuse(`The role ${role.sql} may not use the tables in the schema ${place.sql}`, grants);
}

/**
 * Refuses a role that may not read and update the bookkeeping of the first version.
 *
 * @throws MigrationError
 */
export function refuseUnlessMayTakeOver(schema: string, access: Access, { name, mayWrite }: Table): void {
  if (access.mayUse && mayWrite) return;
  const [place, role] = [identifier(schema), identifier(access.role)];
  refuse(`The role ${role.sql} may not use the bookkeeping of the prototype`, [
    sql`grant usage on schema ${place} to ${role}`,
    sql`grant select, insert, update, delete on ${qualified(schema, name)} to ${role}`,
    sql`grant usage on sequence ${qualified(schema, `${name}_id_seq`)} to ${role}`,
  ]);
}

function refuse(reason: string, statements: readonly Sql[]): never {
  throw new MigrationError(`${reason}. Another role has to run first:`, {
    statements: statements.map(({ text }) => `${text};`),
  });
}
