import { raw, type Sql } from 'sql-template-tag';

/** A name as SQL takes it, whatever characters it has (PostgreSQL manual, "Identifiers and Key Words"). */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it while `standard_conforming_strings` is on. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name, as part of a statement. */
export function identifier(name: string): Sql {
  return raw(quoted(name));
}

/** A table, named with its schema. */
export function qualified(schema: string, table: string): Sql {
  return raw(`${quoted(schema)}.${quoted(table)}`);
}
