import sql, { empty, join, type Sql } from 'sql-template-tag';

/** A clause, or none where its value is not given. */
export function given<Value>(value: Value | undefined, clause: (value: Value) => Sql): readonly Sql[] {
  return value === undefined ? [] : [clause(value)];
}

/** `where` all of these hold. */
export function where(conditions: readonly Sql[]): Sql {
  return conditions.length > 0 ? sql`where ${join(conditions, ' and ')}` : empty;
}

/** So many rows, for `delete`: fewer only if none is left. */
export function someOf(table: Sql, condition: Sql, limit: number): Sql {
  return sql`ctid = any (array(select ctid from ${table} where ${condition} limit ${limit}))`;
}

/** The same, for rows that are over: those that another transaction has locked are left for later. */
export function batchOf(table: Sql, isOver: Sql, limit: number): Sql {
  return sql`ctid in (select ctid from ${table} where ${isOver} limit ${limit} for update skip locked)`;
}
