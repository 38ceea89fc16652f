import { ContainerModule } from 'inversify';
import { createHttpServer } from '../http-server.ts';
import { httpLog } from '../log.ts';
import { httpModules } from '../modules.ts';
import { provide } from './provide.ts';
import { parts } from './tokens.ts';

/** The HTTP API over the application. */
export const httpModule = new ContainerModule(({ bind }) => {
  provide(
    bind,
    parts.httpOptions,
    [parts.config, parts.log, parts.database, parts.application, parts.certificate],
    ({ brand, corsOrigins, trustedProxies, publicUrl, keepAlive }, log, { ready }, application, certificate) => ({
      application,
      modules: httpModules,
      ready,
      log: httpLog(log),
      brand,
      corsOrigins,
      trustedProxies,
      publicUrl,
      certificate,
      timeouts: { idle: keepAlive * 1000 },
    }),
  );
  provide(bind, parts.http, [parts.httpOptions], createHttpServer);
});
