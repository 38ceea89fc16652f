import type pg from 'pg';
import { driverUrl } from './driver-url.ts';
import { findPrimary } from './find-primary.ts';
import type { fitting } from './fitting-pool.ts';
import { IsoClient } from './iso-client.ts';
import { connectionTimeout, type OwnPool, type PgPoolClient } from './pg-pool.ts';
import { fromDriver, SqlError } from './sql-error.ts';
import type { PoolState } from './sql.ts';

/** Milliseconds for which a search that found no primary counts for later requests as well. */
const pause = 100;

/** A connection that knows its host. */
export class HostClient extends IsoClient {
  /** The URL of the host, as `pg` reads it. */
  readonly connectionString: string | undefined;

  constructor(config: pg.ClientConfig = {}) {
    super(config);
    this.connectionString = config.connectionString;
  }
}

/**
 * A pool whose connections lead to the one of several hosts that accepts writes. It is looked for when it is needed for
 * the first time, and again when a connection to it fails or turns out to be read-only. One search serves all requests.
 */
export class PrimaryPool implements OwnPool {
  readonly asksWhetherReadOnly = true;
  readonly #options: pg.PoolOptions;
  readonly #pool: ReturnType<typeof fitting>;
  /** The last primary comes first, and a host that was lost comes last. */
  #urls: readonly string[];
  #primary: string | undefined;
  #search: Promise<string> | undefined;
  #failure: { readonly at: number; readonly error: unknown } | undefined;

  /**
   * @param options those of the pool, which it reads again for each connection
   * @param urls a URL for each host
   */
  constructor(options: pg.PoolOptions, pool: ReturnType<typeof fitting>, urls: readonly string[]) {
    this.#options = options;
    this.#pool = pool;
    this.#urls = urls;
  }

  async connect(): Promise<PgPoolClient> {
    const deadline = performance.now() + connectionTimeout;
    for (let hasFailed = false; ;) {
      const url = await this.#find();
      try {
        const client = await inTime(this.#pool.connect(), deadline - performance.now());
        if (this.#primary !== undefined && isConnectedTo(client, this.#options.connectionString)) return client;
        client.release(true);
      } catch (error) {
        if (!isOfHost(error)) throw error;
        this.#lose(url);
        if (hasFailed || performance.now() >= deadline) throw error;
        hasFailed = true;
      }
    }
  }

  async open(): Promise<IsoClient> {
    const { client, url } = await findPrimary(this.#urls, connectionTimeout);
    this.#remember(url);
    return client;
  }

  doubt(): void {
    if (this.#primary !== undefined) this.#lose(this.#primary);
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  state(): PoolState {
    return this.#pool.state();
  }

  async #find(): Promise<string> {
    if (this.#primary !== undefined) return this.#primary;
    if (this.#failure && performance.now() - this.#failure.at < pause) throw this.#failure.error;
    this.#search ??= this.#look().finally(() => (this.#search = undefined));
    return this.#search;
  }

  async #look(): Promise<string> {
    try {
      const { client, url } = await findPrimary(this.#urls, connectionTimeout);
      void client.end();
      this.#remember(url);
      return url;
    } catch (error) {
      this.#failure = { at: performance.now(), error };
      throw error;
    }
  }

  #remember(url: string): void {
    this.#primary = url;
    this.#options.connectionString = driverUrl(url);
    this.#urls = [url, ...this.#urls.filter((other) => other !== url)];
  }

  #lose(url: string): void {
    if (this.#primary !== url) return;
    this.#primary = undefined;
    this.#urls = [...this.#urls.filter((other) => other !== url), url];
  }
}

function isConnectedTo(client: pg.PoolClient, connectionString: string | undefined): boolean {
  return client instanceof HostClient && client.connectionString === connectionString;
}

/** Whether a connection failed because of its host, and not because of the role, the database or a limit. */
function isOfHost(error: unknown): boolean {
  const refusal = fromDriver(error);
  const cause = refusal instanceof SqlError ? refusal : refusal.cause;
  return !(cause instanceof SqlError) || /^(08|57)/.test(cause.code);
}

/** A connection, unless that takes longer than so many milliseconds. One that comes later goes back to the pool. */
function inTime(connecting: Promise<pg.PoolClient>, milliseconds: number): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new Error('timeout exceeded when trying to connect'));
    }, milliseconds);
    const settled = connecting.finally(() => clearTimeout(timer));
    settled.then((client) => (isLate ? client.release() : resolve(client)), reject);
  });
}
