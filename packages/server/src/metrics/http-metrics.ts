import type { RequestEntry } from '@sallyport/adapters-http-koa';
import { createHttpApi, openApiDocument, problemTypes } from '@sallyport/http-api';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { HttpServerOptions } from '../http-server.ts';

/** Seconds. Most requests take a few milliseconds, and those with a password some 50. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What stands for a route, a method or a code that is not known, and for the status that a client did not wait for. */
const none = 'none';

/** The refusals of OAuth endpoints that are not also refusals of the API (RFC 6749, section 5.2). */
const oauthCodes = ['invalid_request', 'unsupported_grant_type'];

/** Statuses that any endpoint may answer with. */
const statusesOfAll = ['500', '503'];

/** Counts the requests of a server. */
export interface HttpMetrics {
  count(entry: RequestEntry): void;
  /** Shows every series that the routes can have as 0, and learns the methods and codes that are known. */
  expect(options: HttpServerOptions): void;
}

export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'sallyport_http_requests_total',
    help: 'Requests by route pattern, method and status; status "none" if the client left before the answer.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'sallyport_http_request_duration_seconds',
    help: 'Time from a request to its answer, by route pattern and method.',
    labelNames: ['route', 'method'],
    buckets,
    registers,
  });
  const refusals = new Counter({
    name: 'sallyport_refusals_total',
    help: 'Refused requests by error code.',
    labelNames: ['code'],
    registers,
  });
  const methods = new Set<string>(['HEAD', 'OPTIONS']);
  const codes = new Set<string>();

  return {
    count({ route = none, method: sent = none, status, code, durationMs }) {
      const method = methods.has(sent) ? sent : none;
      requests.inc({ route, method, status: status ?? none });
      if (status !== undefined && method !== none) durations.observe({ route, method }, durationMs / 1000);
      if (code !== undefined) refusals.inc({ code: codes.has(code) ? code : none });
    },
    expect(options) {
      for (const { method, path: route, statuses } of endpointsOf(options)) {
        methods.add(method);
        for (const status of statuses) requests.inc({ route, method, status }, 0);
        durations.zero({ route, method });
      }
      requests.inc({ route: none, method: 'GET', status: '404' }, 0);
      const ofModules = (options.modules ?? []).flatMap(({ problems }) => Object.keys(problems));
      for (const code of [...Object.keys(problemTypes), ...ofModules, ...oauthCodes]) {
        codes.add(code);
        refusals.inc({ code }, 0);
      }
    },
  };
}

/** Every endpoint, with the statuses that its documentation lists and those that any may have. */
function endpointsOf({ application, publicUrl, modules, without, log }: HttpServerOptions) {
  const document = openApiDocument({ policy: application.policy, modules }) as Documented;
  return createHttpApi({ application, publicUrl, modules, without, log }).endpoints.map(({ method, path }) => {
    const documented = document.paths[path]?.[method.toLowerCase()]?.responses ?? { '200': {} };
    return { method, path, statuses: new Set([...Object.keys(documented), ...statusesOfAll]) };
  });
}

interface Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}
