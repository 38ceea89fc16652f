import sql, { empty, join, type Sql } from 'sql-template-tag';

/** A clause, or nothing if its value is absent. */
export function given<Value>(value: Value | undefined, clause: (value: Value) => Sql): readonly Sql[] {
  return value === undefined ? [] : [clause(value)];
}

/** A `where` clause of all these conditions. */
export function where(conditions: readonly Sql[]): Sql {
  return conditions.length > 0 ? sql`where ${join(conditions, ' and ')}` : empty;
}

/**
 * A limited number of expired rows to delete, those first whose column has the lowest value: in the order of its index,
 * since a scan of the table would pass over the remains of all earlier batches. Rows that another transaction has locked
 * are left for later. The array is computed once: a plan may run a subquery behind `in` again for each row, and then it
 * finds other rows.
 */
export function batchOf(table: Sql, column: Sql, isOver: Sql, limit: number): Sql {
  return sql`ctid = any (array(
    select ctid from ${table} where ${column} ${isOver} order by ${column} limit ${limit} for update skip locked))`;
}
