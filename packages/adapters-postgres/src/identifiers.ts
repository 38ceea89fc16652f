import { raw, type Sql } from 'sql-template-tag';

/** A quoted name for SQL, with any characters (PostgreSQL manual, "Identifiers and Key Words"). */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted text for SQL, valid while `standard_conforming_strings` is on. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name, as part of a statement. */
export function identifier(name: string): Sql {
  return raw(quoted(name));
}

/** A table's name with its schema. */
export function qualified(schema: string, table: string): Sql {
  return raw(`${quoted(schema)}.${quoted(table)}`);
}
