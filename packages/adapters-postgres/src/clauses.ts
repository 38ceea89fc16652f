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
