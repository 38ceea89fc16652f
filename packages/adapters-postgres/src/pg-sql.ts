import { hash } from 'node:crypto';
import { isSallyportError } from '@sallyport/core';
import pg from 'pg';
import type { Sql as Fragment } from 'sql-template-tag';
import { qualified } from './identifiers.ts';
import { fromDriver, SqlError } from './sql-error.ts';
import type { MigrationClient, Queries, Sql, Statement } from './sql.ts';

/** What a pool of connections may be told. */
export interface PgOptions {
  /** The schema that holds every table of ours; `public` if absent. */
  readonly schema?: string | undefined;
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

/** Milliseconds for which connections are kept although the server is read-only. */
const renewalPause = 1_000;

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** The database at this URL (`postgres://…`), over a pool of connections. Connects when first asked. */
export function openPg(url: string, options: PgOptions = {}): Sql {
  const { schema = 'public', maxConnections = 10, onIdleError = () => {} } = options;
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
  // Without a listener, a server that ends an idle connection would end this process.
  pool.on('error', onIdleError);
  return new PgSql(pool, url, schema);
}

class PgSql implements Sql {
  readonly #pool: pg.Pool;
  readonly #url: string;
  readonly schema: string;
  readonly #openedAt = new WeakMap<pg.PoolClient, number>();
  /** Connections that were opened before this moment are not used any more. */
  #staleBefore = -Infinity;

  constructor(pool: pg.Pool, url: string, schema: string) {
    this.schema = schema;
    this.#pool = pool;
    this.#url = url;
    pool.on('connect', (client) => {
      this.#openedAt.set(client, performance.now());
      // One that ends while no statement runs on it would end this process, too; the next statement hears of it.
      client.on('error', () => {});
    });
  }

  query<Row>(statement: Statement): Promise<readonly Row[]> {
    return this.#writing(() => this.#with((client) => run<Row>(client, statement)));
  }

  table(name: string): Fragment {
    return qualified(this.schema, name);
  }

  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    return this.#writing(() =>
      this.#with(async (client) => {
        await control(client, 'begin');
        const result = await work({
          schema: this.schema,
          table: (name) => this.table(name),
          query: (statement) => run(client, statement),
        });
        await control(client, 'commit');
        return result;
      }, rollBack),
    );
  }

  /**
   * Once more, on a new connection, what a server refused for being read-only: it is the one that was the
   * primary until a failover, and a new connection leads to the one that is now.
   */
  async #writing<Result>(attempt: () => Promise<Result>): Promise<Result> {
    try {
      return await attempt();
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      const now = performance.now();
      if (now - this.#staleBefore > renewalPause) this.#staleBefore = now;
      return attempt();
    }
  }

  /** A connection that does not answer is not asked again: the server rolls back once it is closed. */
  async #with<Result>(
    use: (client: pg.PoolClient) => Promise<Result>,
    afterError: (client: pg.PoolClient) => Promise<void> = async () => {},
  ): Promise<Result> {
    const client = await this.#connect();
    let broken = false;
    try {
      return await use(client);
    } catch (error) {
      broken = isUnavailable(error);
      if (!broken) await afterError(client).catch(() => (broken = true));
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
      for (;;) {
        const client = await this.#pool.connect();
        if ((this.#openedAt.get(client) ?? 0) >= this.#staleBefore) return client;
        client.release(true);
      }
    } catch (error) {
      throw fromDriver(error);
    }
  }
}

const isUnavailable = (error: unknown) => isSallyportError(error) && error.code === 'unavailable';

function isReadOnly(error: unknown): boolean {
  return isSallyportError(error) && error.cause instanceof SqlError && error.cause.code === '25006';
}

const rollBack = (client: pg.PoolClient) => control(client, 'rollback');

async function run<Row>(target: pg.PoolClient, { text, values }: Statement): Promise<readonly Row[]> {
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

/**
 * Statements with a name are planned once for each connection. The name is a hash of the text, in 43 of the 63 bytes
 * that PostgreSQL reads: a pooler in transaction mode has processes share connections, and the server runs what it
 * knows by the name, whatever the text. Texts are few: values are never part of them.
 */
const nameOf = (text: string) => hash('sha256', text, 'base64url');
