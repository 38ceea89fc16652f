import { MigrationError } from './migrations/migration-error.ts';
import { answerTimeout, begin, type PgClient } from './pg-pool.ts';
import { control, rethrow, rowsOf } from './pg-statements.ts';
import { SqlError } from './sql-error.ts';
import { valueTypes } from './pg-values.ts';

/**
 * What is between this process and PostgreSQL. With `transaction`, a pooler may run each transaction in another session,
 * so nothing is prepared and nothing is set for longer than a transaction. With `none`, a connection has its session for
 * itself: directly, or through a pooler in session mode. With `auto`, each connection is examined.
 */
export type Pooler = 'auto' | 'none' | 'transaction';

/**
 * Whether a connection has a session of PostgreSQL for itself. A pooler tells each client a process number of its own,
 * for the client to cancel statements with (PostgreSQL manual, "Message Formats", BackendKeyData). What only forwards
 * bytes, such as haproxy, passes on the number of the process that answers.
 *
 * @param timeout milliseconds to wait for the answer
 * @throws SqlError | SallyportError `unavailable`
 */
export async function hasOwnSession(client: PgClient, pooler: Pooler, timeout = answerTimeout): Promise<boolean> {
  if (pooler !== 'auto') return pooler === 'none';
  const query = { text: 'select pg_backend_pid() as pid', types: valueTypes, query_timeout: timeout };
  const [row] = rowsOf(await client.query(query).catch(rethrow)) as readonly { readonly pid: number }[];
  return row?.pid === client.processID;
}

/**
 * Refuses a pooler in statement mode. It would be noticed only by the first write.
 *
 * @throws MigrationError | SqlError | SallyportError `unavailable`
 */
export async function refuseStatementMode(client: PgClient): Promise<void> {
  try {
    // In one query, the pooler would not notice the transaction.
    await control(client, begin);
    await control(client, 'commit');
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    if (!(cause instanceof SqlError && /statement pool/i.test(cause.message))) throw error;
    throw new MigrationError(
      'The pooler in front of PostgreSQL is in statement mode, in which transactions are impossible: set its pool_mode to transaction.',
      { cause: error },
    );
  }
}
