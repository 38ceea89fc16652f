import { isSallyportError } from '@sallyport/core';
import pg from 'pg';
import { fromDriver } from './sql-error.ts';
import type { MigrationClient, Queries, Sql, Statement } from './sql.ts';

/** What a pool of connections may be told. */
export interface PgOptions {
  /** At most so many connections; 10 if absent. */
  readonly maxConnections?: number;
  /** Hears of connections that broke while nobody used them: the pool replaces them. */
  readonly onIdleError?: (error: Error) => void;
}

/** Milliseconds. A database that does not answer costs a request less than three seconds. */
const connectionTimeout = 2_000;
const statementTimeout = 2_000;
const lockTimeout = 1_500;
/** Cuts what the server's own limits cannot: an answer that never comes. */
const answerTimeout = 2_500;
const idleInTransactionTimeout = 10_000;

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** The database at this URL (`postgres://…`), over a pool of connections. Connects when first asked. */
export function openPg(url: string, { maxConnections = 10, onIdleError = () => {} }: PgOptions = {}): Sql {
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
    types,
  });
  // Without a listener, a server that ends an idle connection would end this process, and so would one that
  // ends a connection in use while no statement runs on it. Of that, the next statement hears anyway.
  pool.on('error', onIdleError);
  pool.on('connect', (client) => client.on('error', () => {}));
  return new PgSql(pool, url);
}

class PgSql implements Sql {
  readonly #pool: pg.Pool;
  readonly #url: string;

  constructor(pool: pg.Pool, url: string) {
    this.#pool = pool;
    this.#url = url;
  }

  query<Row>(statement: Statement): Promise<readonly Row[]> {
    return run(this.#pool, statement);
  }

  async transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    let broken = false;
    try {
      await control(client, 'begin');
      const result = await work({ query: (statement) => run(client, statement) });
      await control(client, 'commit');
      return result;
    } catch (error) {
      // A connection that does not answer is not asked again: the server rolls back once it is closed.
      broken = isSallyportError(error) && error.code === 'unavailable';
      if (!broken) await control(client, 'rollback').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async migrating<Result>(work: (client: MigrationClient) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: connectionTimeout });
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } catch (error) {
      throw fromDriver(error);
    } finally {
      await client.end();
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw fromDriver(error);
    }
  }
}

async function run<Row>(target: pg.Pool | pg.PoolClient, { text, values }: Statement): Promise<readonly Row[]> {
  try {
    const { rows } = await target.query({ name: nameOf(text), text, values: [...values] });
    return rows as Row[];
  } catch (error) {
    throw fromDriver(error);
  }
}

async function control(client: pg.PoolClient, command: 'begin' | 'commit' | 'rollback'): Promise<void> {
  try {
    await client.query(command);
  } catch (error) {
    throw fromDriver(error);
  }
}

const names = new Map<string, string>();

/** Statements with a name are planned once for each connection. Their texts are few: values are never part of them. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return name;
}
