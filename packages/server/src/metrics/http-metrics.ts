import type { RequestEntry } from '@sallyport/adapters-http-koa';
import { createHttpApi, type HttpErrorCode, openApiDocument, problemTypes } from '@sallyport/http-api';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { HttpServerOptions } from '../http-server.ts';

/** Seconds. Most requests take a few milliseconds, and those with a password some 50. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What stands for a route, a method or a code that is not known, and for the status that a client did not wait for. */
const none = 'none';

/** The refusals of OAuth endpoints that are not also refusals of the API (RFC 6749, section 5.2). */
const oauthCodes = ['invalid_request', 'unsupported_grant_type'];

/** Statuses that any endpoint may have. */
const statusesOfAll = ['500', '503', none];

/** Refusals of a request before a route is found, whatever its method. */
const beforeRoutes = statusesOf([
  'malformed_request',
  'not_found',
  'method_not_allowed',
  'expectation_failed',
  'headers_too_large',
  'not_implemented',
]);

/** Refusals of a request that could not be read, so that its method is not known. */
const ofUnreadable = statusesOf(['request_timeout', 'payload_too_large']);

/** Answers to OPTIONS, also to a preflight request. */
const ofOptions = ['200', '204'];

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
      const expectStatuses = (route: string, method: string, statuses: Iterable<string>) => {
        for (const status of statuses) requests.inc({ route, method, status }, 0);
      };
      for (const { method, path: route, statuses } of endpointsOf(options)) {
        methods.add(method);
        expectStatuses(route, method, statuses);
        if (method === 'GET') expectStatuses(route, 'HEAD', statuses);
        durations.zero({ route, method });
      }
      for (const method of [...methods, none]) expectStatuses(none, method, [...beforeRoutes, none]);
      expectStatuses(none, none, ofUnreadable);
      expectStatuses(none, 'OPTIONS', ofOptions);
      const ofModules = (options.modules ?? []).flatMap(({ problems }) => Object.keys(problems));
      for (const code of [...Object.keys(problemTypes), ...ofModules, ...oauthCodes, none]) {
        codes.add(code);
        refusals.inc({ code }, 0);
      }
    },
  };
}

function statusesOf(codes: readonly HttpErrorCode[]): readonly string[] {
  return codes.map((code) => String(problemTypes[code].status));
}

/** Every endpoint, with the statuses that its documentation or its declaration lists and those that any may have. */
function endpointsOf({ application, publicUrl, modules, without, log }: HttpServerOptions) {
  const document = openApiDocument({ policy: application.policy, modules }) as Documented;
  return createHttpApi({ application, publicUrl, modules, without, log }).endpoints.map(
    ({ method, path, statuses = [200] }) => {
      const documented = document.paths[path]?.[method.toLowerCase()]?.responses;
      const own = documented ? Object.keys(documented) : statuses.map(String);
      return { method, path, statuses: new Set([...own, ...statusesOfAll]) };
    },
  );
}

interface Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}
