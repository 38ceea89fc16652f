import sql, { empty, join, type Sql } from 'sql-template-tag';

/** A clause, or none where its value is not given. */
export function given<Value>(value: Value | undefined, clause: (value: Value) => Sql): readonly Sql[] {
  return value === undefined ? [] : [clause(value)];
}

/** `where` all of these hold. */
export function where(conditions: readonly Sql[]): Sql {
  return conditions.length > 0 ? sql`where ${join(conditions, ' and ')}` : empty;
}

/** The rows of a batch that are over, for `delete`: those that somebody else works on are left for later. */
export function batchOf(table: Sql, isOver: Sql, limit: number): Sql {
  return sql`ctid in (select ctid from ${table} where ${isOver} limit ${limit} for update skip locked)`;
}

/** Text that begins with this, as a range that an index over the column's bytes can walk. */
export function beginsWith(column: Sql, prefix: string): Sql {
  const last = '\u{10ffff}';
  return sql`(${column} >= ${prefix} and ${column} < ${prefix + last})`;
}
