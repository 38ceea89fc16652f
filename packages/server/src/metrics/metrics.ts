import type { QueueLoad } from '@sallyport/adapters-crypto';
import type { HardenedServer } from '@sallyport/hardened-server';
import type { ContainerModule } from 'inversify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { HttpServerOptions } from '../http-server.ts';
import { wrap } from '../wiring/provide.ts';
import { parts } from '../wiring/tokens.ts';
import { hashLoadMetrics, hashMetrics } from './hash-metrics.ts';
import { httpMetrics } from './http-metrics.ts';
import { mailMetrics } from './mail-metrics.ts';
import { createMetricsServer } from './metrics-server.ts';
import { stateMetrics, type Watched } from './state-metrics.ts';
import { useCaseMetrics } from './use-case-metrics.ts';

/** What is watched once the server is composed. */
export interface Composed extends Watched {
  readonly application: HttpServerOptions['application'];
  readonly httpOptions: HttpServerOptions;
  readonly hasher: { readonly load: QueueLoad };
}

/** The metrics of a server, for Prometheus. */
export interface Metrics {
  /** Put around the parts of the server that are counted. */
  readonly modules: readonly ContainerModule[];
  /** Shows the state of the composed server as well. Returns the server that answers scrapes. */
  serve(composed: Composed): HardenedServer;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const http = httpMetrics(registry);
  const mails = mailMetrics(registry);
  const countingLog = wrap(parts.httpOptions, ({ log, ...options }) => ({
    ...options,
    log: {
      request(entry) {
        http.count(entry);
        log.request(entry);
      },
      error: (error, requestId) => log.error(error, requestId),
    },
  }));
  return {
    modules: [countingLog, mails.module, hashMetrics(registry), ...useCaseMetrics(registry)],
    serve(composed) {
      http.expect(composed.httpOptions);
      mails.follow(composed.application);
      hashLoadMetrics(registry, () => composed.hasher.load);
      stateMetrics(registry, composed);
      return createMetricsServer(registry);
    },
  };
}
