import type { PgClient, PgQuery } from './pg-pool.ts';
import { refuseStatementMode } from './pg-session.ts';
import { rethrow, rowsOf } from './pg-statements.ts';
import { valueTypes } from './pg-values.ts';
import type { MigrationConnection } from './sql.ts';

/** The time limit of a migration in milliseconds, in effect none: the longest timer of Node. */
const noLimit = 2 ** 31 - 1;

/** Runs `work` on a connection, without the time limits of requests. Nothing is prepared. */
export async function migrateOn<Result>(
  client: PgClient,
  ownSession: boolean,
  work: (connection: MigrationConnection) => Promise<Result>,
): Promise<Result> {
  if (!ownSession) await refuseStatementMode(client);
  const ask = async <Row>(query: PgQuery) => {
    const result = await client.query({ ...query, types: valueTypes, query_timeout: noLimit }).catch(rethrow);
    return rowsOf(result) as Row[];
  };
  return work({
    isShared: true,
    hasOwnSession: ownSession,
    query: ({ text, values }) => ask({ text, values: [...values] }),
    run: (script) => ask({ text: script }),
  });
}
