import { isSallyportError } from '@sallyport/core';
import type { Sql as Fragment } from 'sql-template-tag';
import { createPool } from './own-pool.ts';
import { answerTimeout, limitSession, type OwnPool, type PgPool, type PgPoolClient } from './pg-pool.ts';
import { migrateOn } from './pg-migration.ts';
import { type Pooler, readSession } from './pg-session.ts';
import { control, rethrow, run } from './pg-statements.ts';
import { type Connection, isUnavailable, transact } from './pg-transaction.ts';
import { locate } from './schema.ts';
import { SqlError } from './sql-error.ts';
import type { MigrationConnection, PoolState, Queries, Sql, Statement, TransactionQueries } from './sql.ts';

/** The options of a database on PostgreSQL. */
export interface PgOptions {
  /** The schema of the tables; `defaultSchema` if absent. */
  readonly schema?: string | undefined;
  /** Maximum number of connections; 10 if absent. A pool of the host has its own limit. */
  readonly maxConnections?: number | undefined;
  /**
   * Receives the errors of idle connections that broke. The pool replaces them. A pool of the host reports them to the
   * host.
   */
  readonly onIdleError?: ((error: Error) => void) | undefined;
  /** What is between this process and PostgreSQL; `auto` if absent. */
  readonly pooler?: Pooler | undefined;
  /** Called once, when a connection turns out to lead through a pooler. */
  readonly onPooler?: (() => void) | undefined;
}

/** Milliseconds for which connections are kept although the server is read-only. */
const renewalPause = 1_000;

/**
 * Opens the database at this URL (`postgres://…`) with a pool of its own, or the database of the host's pool. It
 * connects on first use. A URL may name several hosts, as in libpq: then the connections lead to the one that accepts
 * writes, and to another one after a failover.
 *
 * Behind a pooler such as PgBouncer, statements are not prepared, and with a URL each one runs in a transaction, whose
 * time limits end with it. Whether there is a pooler is found out for each new connection, by the `processID` of its
 * client. A client that has none counts as behind a pooler.
 *
 * The host keeps its pool: `close` leaves it open, its parsers and its `search_path` have no influence, and a
 * transaction leaves no settings on its connections. Time limits of transactions are the same as with a URL. Those of
 * connecting and of single statements are the pool's: set `connectionTimeoutMillis`, `query_timeout` and
 * `statement_timeout`, or a database that stops answering keeps requests waiting.
 *
 * @throws RangeError when the given name cannot be a schema's, or the URL lists several ports, but not one for each host
 */
export function openPg(target: string | PgPool, options: PgOptions = {}): Sql {
  const { schema, maxConnections = 10, onIdleError = () => {} } = options;
  const location = locate(schema);
  if (typeof target !== 'string') return new PgSql(location, target, options);
  const pool = createPool(target, maxConnections, onIdleError);
  return new PgSql(location, pool, options, pool);
}

class PgSql implements Sql {
  readonly schema: string;
  readonly table: (name: string) => Fragment;
  readonly poolState: (() => PoolState) | undefined;
  readonly #pool: PgPool;
  readonly #own: OwnPool | undefined;
  readonly #onPooler: () => void;
  readonly #connections = new WeakMap<PgPoolClient, Connection>();
  #pooler: Pooler;
  #hasFoundPooler = false;
  /** Connections that are older than this moment are no longer used. */
  #staleBefore = -Infinity;

  constructor({ schema, table }: Pick<Queries, 'schema' | 'table'>, pool: PgPool, options: PgOptions, own?: OwnPool) {
    this.schema = schema;
    this.table = table;
    this.#pool = pool;
    this.#own = own;
    this.poolState = own && (() => own.state());
    this.#pooler = options.pooler ?? 'auto';
    this.#onPooler = options.onPooler ?? (() => {});
  }

  /** A statement that conflicts with others, because another isolation is the default, runs again as a transaction. */
  async query<Row>(statement: Statement): Promise<readonly Row[]> {
    try {
      return await this.#runAlone<Row>(statement);
    } catch (error) {
      if (!(error instanceof SqlError && error.isRetryable)) throw error;
      return this.transaction((queries) => queries.query<Row>(statement));
    }
  }

  #runAlone<Row>(statement: Statement): Promise<readonly Row[]> {
    return this.#writing(() =>
      this.#with((connection) => {
        // A pool of the host limits single statements itself.
        const isLimited = !this.#own || connection.hasOwnSession;
        if (isLimited) return run<Row>(connection.client, statement, connection.hasOwnSession);
        return this.#transact(connection, (queries) => queries.query<Row>(statement));
      }),
    );
  }

  transaction<Result>(work: (queries: TransactionQueries) => Promise<Result>): Promise<Result> {
    return this.#writing(() => this.#with((connection) => this.#transact(connection, work)));
  }

  #transact<Result>(connection: Connection, work: (queries: TransactionQueries) => Promise<Result>): Promise<Result> {
    const isPipelined = this.#own !== undefined && connection.hasOwnSession;
    return transact(connection, { schema: this.schema, table: this.table }, isPipelined, work);
  }

  /**
   * Runs a write, and repeats it if the connection led to the wrong session. After a failover, an old connection still
   * leads to the former primary, which is read-only, and a new one leads to the current one.
   */
  async #writing<Result>(attempt: () => Promise<Result>): Promise<Result> {
    try {
      return await attempt();
    } catch (error) {
      if (isReadOnly(error)) this.#renew();
      else if (lacksStatement(error)) this.#expectPooler();
      else throw error;
      return attempt();
    }
  }

  #renew(): void {
    const now = performance.now();
    if (now - this.#staleBefore > renewalPause) this.#staleBefore = now;
    this.#own?.doubt();
  }

  /** Connections share sessions after all, or another party discards what was prepared. */
  #expectPooler(): void {
    if (this.#pooler === 'transaction') return;
    this.#pooler = 'transaction';
    this.#staleBefore = performance.now();
  }

  async #with<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = await this.#connect();
    const { client } = connection;
    // Without a listener, a connection that breaks between two statements would end this process. The next statement
    // fails.
    client.on('error', ignore);
    try {
      return await use(connection);
    } catch (error) {
      connection.isBroken ||= isUnavailable(error);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(connection.isBroken);
    }
  }

  async migrating<Result>(work: (connection: MigrationConnection) => Promise<Result>): Promise<Result> {
    if (!this.#own) return this.#with(({ client, hasOwnSession }) => migrateOn(client, hasOwnSession, work));
    const client = await this.#own.open().catch(rethrow);
    try {
      const { isOwn } = await readSession(client, this.#pooler);
      return await migrateOn(client, isOwn, work);
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.#own?.end();
  }

  async #connect(): Promise<Connection> {
    for (;;) {
      const askedAt = performance.now();
      const client = await this.#pool.connect().catch(rethrow);
      const connection = this.#connections.get(client) ?? (await this.#examine(client, askedAt));
      if (connection && connection.openedAt >= this.#staleBefore) return connection;
      client.release(true);
    }
  }

  /**
   * Examines a new connection, which has the rest of the time that an answer may take. It is of no use if the former
   * primary has become a standby.
   */
  async #examine(client: PgPoolClient, askedAt: number): Promise<Connection | undefined> {
    client.on('error', ignore);
    try {
      const openedAt = performance.now();
      const timeout = Math.max(1, answerTimeout - (openedAt - askedAt));
      const asksWhetherReadOnly = this.#own?.asksWhetherReadOnly;
      const { isOwn, isReadOnly } = await readSession(client, this.#pooler, { timeout, asksWhetherReadOnly });
      if (isReadOnly) {
        this.#own?.doubt();
        return undefined;
      }
      if (isOwn && this.#own) await control(client, limitSession);
      if (!isOwn && !this.#hasFoundPooler) this.#onPooler();
      this.#hasFoundPooler ||= !isOwn;
      const connection = { client, openedAt, hasOwnSession: isOwn, isBroken: false };
      this.#connections.set(client, connection);
      return connection;
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      client.off('error', ignore);
    }
  }
}

const ignore = () => {};

function isReadOnly(error: unknown): boolean {
  return isSallyportError(error) && error.cause instanceof SqlError && error.cause.code === '25006';
}

/** Whether a prepared statement was gone, or was there although this connection had not prepared it. */
function lacksStatement(error: unknown): boolean {
  return error instanceof SqlError && ['26000', '42P05'].includes(error.code);
}
