import pg from 'pg';
import { driverUrl } from './driver-url.ts';
import { fitting } from './fitting-pool.ts';
import { hostUrls } from './host-urls.ts';
import { IsoClient } from './iso-client.ts';
import { answerTimeout, connectionTimeout, type OwnPool } from './pg-pool.ts';
import { HostClient, PrimaryPool } from './primary-pool.ts';

/** For how long a request whose connection is refused tries again. Its last attempt may take the whole timeout. */
const refusalPatience = 800;

/** Statements are sent before earlier ones are answered, if they do not depend on them. The types of `pg` lack it. */
const pipelining = { pipeline: true };

/**
 * Creates this package's own pool. Its type is not that of `pg`, so that a host can compile without the types of `pg`.
 *
 * @throws RangeError when the URL lists several ports, but not one for each host
 */
export function createPool(url: string, maxConnections: number, onIdleError: (error: Error) => void): OwnPool {
  const urls = hostUrls(url);
  const connectionString = driverUrl(urls[0] ?? url);
  const pool = new pg.Pool({
    Client: urls.length > 1 ? HostClient : IsoClient,
    connectionString,
    application_name: 'sallyport',
    max: maxConnections,
    connectionTimeoutMillis: connectionTimeout,
    query_timeout: answerTimeout,
    keepAlive: true,
    ...pipelining,
  });
  // Without a listener, a server that closes an idle connection would end this process.
  pool.on('error', onIdleError);
  const fitted = fitting(pool, refusalPatience);
  if (urls.length > 1) return new PrimaryPool(pool.options, fitted, urls);
  return {
    connect: () => fitted.connect(),
    end: () => fitted.end(),
    state: () => fitted.state(),
    async open() {
      const client = new IsoClient({ connectionString, connectionTimeoutMillis: connectionTimeout });
      await client.connect();
      return client;
    },
    asksWhetherReadOnly: false,
    doubt: () => {},
  };
}
