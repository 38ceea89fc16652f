import { isSallyportError } from '@sallyport/core';
import type { Sql as Fragment } from 'sql-template-tag';
import { driverUrl } from './driver-url.ts';
import { IsoClient } from './iso-client.ts';
import {
  begin,
  beginWithLimits,
  connectionTimeout,
  createPool,
  type PgPool,
  type PgPoolClient,
  type PgQuery,
} from './pg-pool.ts';
import { control, rethrow, rowsOf, run } from './pg-statements.ts';
import { valueTypes } from './pg-values.ts';
import { locate } from './schema.ts';
import { SqlError } from './sql-error.ts';
import type { MigrationConnection, Queries, Sql, Statement } from './sql.ts';

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
}

/** Milliseconds for which connections are kept although the server is read-only. */
const renewalPause = 1_000;

/** The time limit of a migration in milliseconds, in effect none: the longest timer of Node. */
const noLimit = 2 ** 31 - 1;

/**
 * Opens the database at this URL (`postgres://…`) with a pool of its own, or the database of the host's pool. It
 * connects on first use.
 *
 * The host keeps its pool: `close` leaves it open, its parsers and its `search_path` have no influence, and a
 * transaction leaves no settings on its connections. Time limits of transactions are the same as with a URL. Those of
 * connecting and of single statements are the pool's: set `connectionTimeoutMillis`, `query_timeout` and
 * `statement_timeout`, or a database that stops answering keeps requests waiting.
 *
 * @throws RangeError when the given name cannot be a schema's
 */
export function openPg(target: string | PgPool, options: PgOptions = {}): Sql {
  const { schema, maxConnections = 10, onIdleError = () => {} } = options;
  const location = locate(schema);
  if (typeof target !== 'string') return new PgSql(location, target, beginWithLimits);
  const pool = createPool(target, maxConnections, onIdleError);
  return new PgSql(location, pool, begin, { url: target, close: () => pool.end() });
}

/** The options of this package's own pool. */
interface OwnPool {
  readonly url: string;
  close(): Promise<void>;
}

class PgSql implements Sql {
  readonly schema: string;
  readonly table: (name: string) => Fragment;
  readonly #pool: PgPool;
  readonly #begin: string;
  readonly #own: OwnPool | undefined;
  readonly #seenAt = new WeakMap<PgPoolClient, number>();
  /** Connections that are older than this moment are no longer used. */
  #staleBefore = -Infinity;

  constructor({ schema, table }: Pick<Queries, 'schema' | 'table'>, pool: PgPool, beginning: string, own?: OwnPool) {
    this.schema = schema;
    this.table = table;
    this.#pool = pool;
    this.#begin = beginning;
    this.#own = own;
  }

  /** A statement that conflicts with others, because another isolation is the default, runs again as a transaction. */
  async query<Row>(statement: Statement): Promise<readonly Row[]> {
    try {
      return await this.#writing(() => this.#with((client) => run<Row>(client, statement)));
    } catch (error) {
      if (!(error instanceof SqlError && error.isRetryable)) throw error;
      return this.transaction((queries) => queries.query<Row>(statement));
    }
  }

  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const { schema, table } = this;
    return this.#writing(() =>
      this.#with(async (client) => {
        await control(client, this.#begin);
        const result = await work({ schema, table, query: (statement) => run(client, statement) });
        await control(client, 'commit');
        return result;
      }, rollBack),
    );
  }

  /**
   * Runs a write, and repeats it on a new connection if the server is read-only: after a failover, the old connection
   * still leads to the former primary, and a new one leads to the current one.
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

  /** A connection that does not answer is not used again. The server rolls back once it is closed. */
  async #with<Result>(
    use: (client: PgPoolClient) => Promise<Result>,
    afterError: (client: PgPoolClient) => Promise<void> = async () => {},
  ): Promise<Result> {
    const client = await this.#connect();
    // Without a listener, a connection that breaks between two statements would end this process. The next statement
    // fails.
    client.on('error', ignore);
    let broken = false;
    try {
      return await use(client);
    } catch (error) {
      broken = isUnavailable(error);
      if (!broken) await afterError(client).catch(() => (broken = true));
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }

  async migrating<Result>(work: (connection: MigrationConnection) => Promise<Result>): Promise<Result> {
    if (!this.#own) return this.#with((client) => work(migrationConnection(client)));
    const client = new IsoClient({
      connectionString: driverUrl(this.#own.url),
      connectionTimeoutMillis: connectionTimeout,
    });
    client.on('error', ignore);
    try {
      await client.connect().catch(rethrow);
      return await work(migrationConnection(client));
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.#own?.close();
  }

  async #connect(): Promise<PgPoolClient> {
    for (;;) {
      const client = await this.#pool.connect().catch(rethrow);
      const seenAt = this.#seenAt.get(client) ?? performance.now();
      this.#seenAt.set(client, seenAt);
      if (seenAt >= this.#staleBefore) return client;
      client.release(true);
    }
  }
}

const ignore = () => {};

const isUnavailable = (error: unknown) => isSallyportError(error) && error.code === 'unavailable';

function isReadOnly(error: unknown): boolean {
  return isSallyportError(error) && error.cause instanceof SqlError && error.cause.code === '25006';
}

const rollBack = (client: PgPoolClient) => control(client, 'rollback');

function migrationConnection(client: Pick<PgPoolClient, 'query'>): MigrationConnection {
  const ask = async <Row>(query: PgQuery) => {
    const result = await client.query({ ...query, types: valueTypes, query_timeout: noLimit }).catch(rethrow);
    return rowsOf(result) as Row[];
  };
  return {
    isShared: true,
    query: ({ text, values }) => ask({ text, values: [...values] }),
    run: (script) => ask({ text: script }),
  };
}
