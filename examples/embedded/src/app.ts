import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Mailer, roles, startWorkers } from '@sallyport/core';
import { createHttpApi, createMetadataApi } from '@sallyport/http-api';
import { memberOf, nodeGuard, nodeListener } from '@sallyport/http-api/node';
import express from 'express';
import type pg from 'pg';
import { openAccounts } from './accounts.ts';
import { signUpRoute } from './sign-up.ts';

/** What the app needs from outside. */
export interface AppOptions {
  readonly pool: pg.Pool;
  readonly mailer: Mailer;
  readonly secretKey: string;
}

/** Starts the app on a free port. `stop` leaves the pool open. */
export async function startApp({ pool, mailer, secretKey }: AppOptions) {
  const app = express();
  app.disable('x-powered-by');
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicUrl = `${url}/api`;

  const accounts = await openAccounts({ pool, mailer, secretKey, publicUrl, domain: 'acme.example' });
  const { application, system, maintain } = accounts;
  const api = createHttpApi({ application, publicUrl, log: console });
  const guard = nodeGuard(api);

  app.use(express.json());
  app.use('/api', nodeListener(api));
  app.use(nodeListener(createMetadataApi({ publicUrl, log: console })));
  app.post('/sign-up', signUpRoute(application, pool));
  app.get('/drafts', guard.require(roles('editor')), (request, response) => {
    response.json({ editor: memberOf(request).user.name });
  });
  app.get('/hello', (_request, response) => {
    response.json({ hello: 'world' });
  });

  const onFailure = (error: unknown, worker: string) => console.error(worker, error);
  const workers = startWorkers(application, system, { maintain, onFailure });
  return {
    ...accounts,
    url,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await workers.stop();
    },
  };
}
