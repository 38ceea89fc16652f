import { raw, type Sql } from 'sql-template-tag';

/** A name as SQL takes it, whatever characters it has (PostgreSQL manual, "Identifiers and Key Words"). */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table, named with its schema. */
export function qualified(schema: string, table: string): Sql {
  return raw(`${quoted(schema)}.${quoted(table)}`);
}
