import sql, { type Sql } from 'sql-template-tag';
import type { TransactionQueries } from './sql.ts';

/**
 * Deletes the rows of a table whose `ctid` is selected, and returns how many were selected. They are gone, even those
 * that another transaction deleted in the meantime. A count of the deleted rows could be 0 while others are left.
 */
export async function deleteSelected(queries: TransactionQueries, table: Sql, selection: Sql): Promise<number> {
  const [row] = await queries.query<{ readonly count: number }>(sql`
    with selected as materialized (${selection}),
    deleted as (delete from ${table} where ctid = any (array(select ctid from selected)))
    select count(*) as count from selected`);
  return row?.count ?? 0;
}
