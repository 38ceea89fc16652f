import { isSallyportError } from '@sallyport/core';
import { begin, beginWithLimits, type PgPoolClient } from './pg-pool.ts';
import { commit, control, run } from './pg-statements.ts';
import { SentWrites } from './sent-writes.ts';
import { sendTogether } from './send-together.ts';
import type { Queries, Statement, TransactionQueries } from './sql.ts';
import { Turns } from './turns.ts';

/** A connection of a pool. */
export interface Connection {
  readonly client: PgPoolClient;
  readonly openedAt: number;
  readonly hasOwnSession: boolean;
  /** It does not answer, or its state is unknown. It is not used again; the server rolls back once it is closed. */
  isBroken: boolean;
}

/**
 * Runs `work` between begin and commit. If it throws, the transaction is rolled back and the error rethrown.
 *
 * @param isPipelined whether writes, begin and commit are sent before earlier statements are answered
 */
export async function transact<Result>(
  connection: Connection,
  location: Pick<Queries, 'schema' | 'table'>,
  isPipelined: boolean,
  work: (queries: TransactionQueries) => Promise<Result>,
): Promise<Result> {
  const { client, hasOwnSession: prepares } = connection;
  const sent = new SentWrites();
  const turns = new Turns();
  const ask = <Answer>(command: () => Promise<Answer>) => {
    if (!isPipelined) return turns.take(command);
    sendTogether(client);
    return command();
  };
  const query = <Row>(statement: Statement) => ask(() => run<Row>(client, statement, prepares));
  const send = async (answer: Promise<unknown>) => {
    if (isPipelined) sent.add(answer);
    else await answer;
  };
  try {
    await send(ask(() => control(client, isPipelined ? begin : beginWithLimits)));
    const result = await work({ ...location, query, send: (statement) => send(query(statement)) });
    await send(ask(() => commit(client)));
    await sent.settle();
    return result;
  } catch (failed) {
    const error = await causeOf(failed, sent);
    if (!isUnavailable(error)) await ask(() => control(client, 'rollback')).catch(() => (connection.isBroken = true));
    throw error;
  }
}

/** The failure of an earlier statement of the same transaction, if there is one. */
async function causeOf(error: unknown, sent: SentWrites): Promise<unknown> {
  return sent.settle().then(
    () => error,
    (cause: unknown) => cause,
  );
}

/** Whether an error means that the database cannot be reached, or cannot serve. */
export const isUnavailable = (error: unknown) => isSallyportError(error) && error.code === 'unavailable';
