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

/** What a new connection leads to. */
export interface Session {
  /** Whether the connection has a session of PostgreSQL for itself. */
  readonly isOwn: boolean;
  /** False if it was not asked. */
  readonly isReadOnly: boolean;
}

/**
 * Asks a new connection what it leads to. A pooler tells each client a process number of its own, for the client to
 * cancel statements with (PostgreSQL manual, "Message Formats", BackendKeyData). What only forwards bytes, such as
 * haproxy, passes on the number of the process that answers.
 *
 * @throws SqlError | SallyportError `unavailable`
 */
export async function readSession(
  client: PgClient,
  pooler: Pooler,
  { timeout = answerTimeout, asksWhetherReadOnly = false } = {},
): Promise<Session> {
  if (pooler !== 'auto' && !asksWhetherReadOnly) return { isOwn: pooler === 'none', isReadOnly: false };
  const query = {
    text: asksWhetherReadOnly ? `${session}, ${readOnly}` : session,
    types: valueTypes,
    query_timeout: timeout,
  };
  const [row] = rowsOf(await client.query(query).catch(rethrow)) as readonly Answer[];
  const isOwn = pooler === 'auto' ? row?.pid === client.processID : pooler === 'none';
  return { isOwn, isReadOnly: row?.isReadOnly === true };
}

const session = 'select pg_backend_pid() as pid';
const readOnly = `current_setting('transaction_read_only') = 'on' as "isReadOnly"`;

interface Answer {
  readonly pid: number;
  readonly isReadOnly?: boolean;
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
