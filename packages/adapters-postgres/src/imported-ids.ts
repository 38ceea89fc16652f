import sql, { type Sql } from 'sql-template-tag';
import type { Queries, TransactionQueries } from './sql.ts';

/** The sequence that numbers the rows of a table. */
export function sequenceOf({ schema }: Pick<Queries, 'schema'>, table: string): Sql {
  return sql`pg_get_serial_sequence(format('%I.%I', ${schema}::text, ${table}::text), 'id')::regclass`;
}

/**
 * Reserves ids that rows bring along: the table's own numbers continue behind the greatest of them. Until the
 * transaction ends, no other one inserts or changes rows of the table. Otherwise, a row that is inserted meanwhile could
 * get one of these ids, and an older number could overwrite a newer one in the sequence. This lock comes before those of
 * rows, see decision 40.
 */
export async function reserveIds(
  queries: TransactionQueries,
  table: string,
  rows: readonly { readonly id?: number | undefined }[],
): Promise<void> {
  const ids = rows.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (ids.length === 0) return;
  const greatest = Math.max(...ids);
  await queries.send(sql`lock table ${queries.table(table)} in share row exclusive mode`);
  await queries.query(sql`
    select setval(sequence, ${greatest}::bigint) from (select ${sequenceOf(queries, table)} as sequence) as numbers
    where coalesce(pg_sequence_last_value(sequence), 0) < ${greatest}::bigint`);
}
