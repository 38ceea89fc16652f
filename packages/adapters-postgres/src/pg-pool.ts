import pg from 'pg';

/** A statement, as `pg` takes one. */
export interface PgQuery {
  readonly text: string;
  readonly values?: unknown[];
  readonly name?: string;
  readonly types?: { getTypeParser(type: number): (text: string) => unknown };
  readonly query_timeout?: number;
}

interface PgResult {
  readonly rows: unknown[];
}

/** A connection of a pool. */
export interface PgPoolClient {
  /** Several statements in one text have several results. */
  query(query: PgQuery): Promise<PgResult | PgResult[]>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives it back to the pool, or closes it. */
  release(isBroken?: boolean): void;
}

/** A pool of connections: a `pg.Pool`, of whichever copy of `pg`. */
export interface PgPool {
  connect(): Promise<PgPoolClient>;
}

/** Milliseconds. A database that does not answer costs a request less than three seconds. */
export const connectionTimeout = 2_000;
const statementTimeout = 2_000;
const lockTimeout = 1_500;
/** Cuts what the server's own limits cannot: an answer that never comes. */
const answerTimeout = 2_500;
const idleInTransactionTimeout = 10_000;

/** Permissions are checked inside transactions by statements that see what others committed meanwhile. */
export const begin = 'begin isolation level read committed';

/** The same limits as a pool of ours has, on a connection of the host, until the transaction ends. */
export const beginWithLimits = `
  begin isolation level read committed;
  set local statement_timeout = 2000;
  set local lock_timeout = 1500;
  set local idle_in_transaction_session_timeout = 10000`;

/** A pool of ours. */
export function createPool(url: string, maxConnections: number, onIdleError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'sallyport',
    max: maxConnections,
    connectionTimeoutMillis: connectionTimeout,
    statement_timeout: statementTimeout,
    lock_timeout: lockTimeout,
    query_timeout: answerTimeout,
    idle_in_transaction_session_timeout: idleInTransactionTimeout,
    keepAlive: true,
  });
  // Without a listener, a server that ends an idle connection would end this process.
  pool.on('error', onIdleError);
  return pool;
}
