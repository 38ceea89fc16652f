import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cryptoPorts } from '@sallyport/adapters-crypto';
import { MemoryRateLimiter, memoryStore, SystemClock } from '@sallyport/adapters-memory';
import { migrate, postgresStore, type Sql } from '@sallyport/adapters-postgres';
import { createApplication, type Mailer, startWorkers } from '@sallyport/core';
import { createHttpApi } from '@sallyport/http-api';
import { nodeListener } from '@sallyport/http-api/node';

/** What the server needs from outside. */
export interface ServerOptions {
  /** Where accounts are stored; in this process if absent. */
  readonly database?: Sql | undefined;
  readonly mailer: Mailer;
  readonly secretKey: string;
  /** The first admin. */
  readonly admin: { readonly email: string; readonly password: string };
}

/** Starts the server on a free port. `stop` leaves the database open. */
export async function startServer({ database, mailer, secretKey, admin }: ServerOptions) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  if (database) await migrate(database);
  const store = { ...(database ? postgresStore(database) : memoryStore()), clock: new SystemClock() };
  const crypto = cryptoPorts({ secretKey, issuer: publicUrl }, store);
  const rateLimiter = new MemoryRateLimiter();
  const { application, system } = createApplication({ ...store, ...crypto, mailer, rateLimiter });
  await application.bootstrapAdmin.execute(system, admin);

  server.on('request', nodeListener(createHttpApi({ application, publicUrl, log: console })));
  const onFailure = (error: unknown, worker: string) => console.error(worker, error);
  const workers = startWorkers(application, system, { onFailure });
  return {
    url: publicUrl,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await workers.stop();
    },
  };
}
