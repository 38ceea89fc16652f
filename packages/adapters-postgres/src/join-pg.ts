import sql from 'sql-template-tag';
import type { PgClient } from './pg-pool.ts';
import { readSession } from './pg-session.ts';
import { control, run } from './pg-statements.ts';
import { locate } from './schema.ts';
import { SqlError } from './sql-error.ts';
import type { Sql, Statement } from './sql.ts';
import { Turns } from './turns.ts';

/** The options of a transaction of the host. */
export interface JoinOptions {
  /** The schema of the tables; `defaultSchema` if absent. */
  readonly schema?: string | undefined;
}

/**
 * The database as the host's open transaction sees it, for `postgresStore` and `application.join`. A transaction of the
 * store becomes a savepoint. The host begins, commits and rolls back, and sets the time limits.
 *
 * Use cases may be called at the same time: one after another uses the client, also if it was joined several times. So
 * the work of a transaction must not wait for another join on the same client. After the host's transaction, join the
 * next one: a call then throws, unless the host has begun another transaction on the client.
 *
 * @param client a client of `pg` on which the host has begun a transaction
 * @throws Error when there is none, or when its isolation level is not READ COMMITTED
 * @throws RangeError when the given name cannot be a schema's
 */
export async function joinPg(client: PgClient, { schema }: JoinOptions = {}): Promise<Sql> {
  const location = locate(schema);
  const turns = turnsOn(client);
  const { isOwn: prepares } = await turns.take(async () => {
    await refuseOtherTransactions(client);
    return readSession(client, 'auto');
  });
  return {
    ...location,
    query: (statement) =>
      turns.take(() => {
        if (client.getTransactionStatus?.() === 'I') throw new Error(isOver);
        return run(client, statement, prepares);
      }),
    transaction: (work) =>
      turns.take(async () => {
        await control(client, `savepoint ${savepoint}`).catch((error: unknown) => {
          throw isOutside(error) ? new Error(isOver, { cause: error }) : error;
        });
        const inside = new Turns();
        try {
          const query = <Row>(statement: Statement) => inside.take(() => run<Row>(client, statement, prepares));
          const result = await work({ ...location, query, send: async (statement) => void (await query(statement)) });
          await inside.take(() => control(client, `release savepoint ${savepoint}`));
          return result;
        } catch (error) {
          // A connection that is gone has rolled back. The first error says so.
          const undo = `rollback to savepoint ${savepoint}; release savepoint ${savepoint}`;
          await inside.take(() => control(client, undo)).catch(() => {});
          throw error;
        }
      }),
    migrating: () => Promise.reject(new Error('Migrations do not run in a transaction of the host')),
    close: async () => {},
  };
}

const savepoint = 'sallyport';
const isOver = 'The transaction of the host is over: join the next one';

/** Permissions are checked by statements that must see what others have committed since. */
async function refuseOtherTransactions(client: PgClient): Promise<void> {
  try {
    await control(client, `savepoint ${savepoint}; release savepoint ${savepoint}`);
  } catch (error) {
    throw isOutside(error) ? new Error('The client has no open transaction: begin one first', { cause: error }) : error;
  }
  const [row] = await run<{ readonly level: string }>(
    client,
    sql`select current_setting('transaction_isolation') as level`,
    false,
  );
  if (row?.level === 'read committed') return;
  throw new Error(`The transaction must be READ COMMITTED, not ${row?.level.toUpperCase()}`);
}

/** Whether a savepoint was refused because no transaction is open. */
function isOutside(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown };
  return [error, cause].some((one) => one instanceof SqlError && one.code === '25P01');
}

/** Joins on one client share its turns: the savepoint of one would otherwise contain the writes of another. */
const turnsOfClients = new WeakMap<PgClient, Turns>();

function turnsOn(client: PgClient): Turns {
  const turns = turnsOfClients.get(client) ?? new Turns();
  turnsOfClients.set(client, turns);
  return turns;
}
