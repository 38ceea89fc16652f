import type { Application } from '@sallyport/core';
import { basePathOf } from './base-path.ts';
import { docsEndpoints, rootEndpoint } from './docs/docs-page.ts';
import { type Guard, guardOf } from './guard.ts';
import { healthEndpoints } from './health.ts';
import { metadataOfPath, wellKnownEndpoints } from './oauth/well-known.ts';
import { openApiDocument } from './openapi/document.ts';
import { type Brand, refuseBrand } from './pages/brand.ts';
import { linkPageEndpoints } from './pages/link-pages.ts';
import { type ErrorLog, isolatedLog } from './problems/error-log.ts';
import { problemTypes, problemTypesWith } from './problems/problem-types.ts';
import { routeEndpoint } from './routes/endpoint.ts';
import type { Endpoint } from './routes/path-table.ts';
import { type HttpModule, routesUnder } from './routes/module.ts';
import { observing, type ResponseObserver } from './observing.ts';
import { type Served, serve } from './serve.ts';

/** The options of the API. */
export interface HttpApiOptions {
  readonly application: Application;
  /**
   * The URL at which clients reach the API, with the path of its mount, without a slash at its end. It is the issuer of
   * the tokens. With https, browsers are told to use nothing else.
   */
  readonly publicUrl: string;
  /** Features besides those of the core. */
  readonly modules?: readonly HttpModule[] | undefined;
  /** Other origins whose pages may call. If there are none, no CORS header is sent. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Where failures of the server are reported. */
  readonly log: ErrorLog;
  /**
   * Resolves when requests can be served; throws otherwise. `GET /health/ready` asks for it, at most once a second: it
   * repeats the last answer in between.
   */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Whether the host is stopping. `GET /health/ready` then fails at once. */
  readonly isDraining?: (() => boolean) | undefined;
  /** Is told of each answer, for metrics or a trace. */
  readonly onResponse?: ResponseObserver | undefined;
  /** The name and colour of your product, on the pages that people see. */
  readonly brand?: Brand | undefined;
  /** Parts to leave out. */
  readonly without?: Without | undefined;
}

/** Parts of the API that a host may leave out, each by `true`. */
export interface Without {
  /** The docs page, its OpenAPI document, and the root. */
  readonly docs?: boolean;
  /** `GET /`, which leads to the docs page. */
  readonly root?: boolean;
  readonly health?: boolean;
  /** The pages that mailed links lead to. The host then serves its own at `/reset-password` and `/verify-email`. */
  readonly linkPages?: boolean;
}

/** The API over plain data. The mounts in `./node` and `./fetch` connect it to a host. */
export interface HttpApi extends Served {
  readonly guard: Guard;
  /** Every method and path that the API answers, as the observer is told of them. */
  readonly endpoints: readonly Pick<Endpoint, 'method' | 'path'>[];
}

/**
 * Makes the API.
 *
 * @throws Error when the public URL or the brand is invalid, when two routes answer the same, when an error code has no problem type
 *   or two, or when one of `corsOrigins` is not an origin
 */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  const { application, publicUrl, modules = [], corsOrigins = [], brand = {}, without = {}, onResponse } = options;
  const log = isolatedLog(options.log);
  refuseBrand(brand);
  const { policy } = application;
  const basePath = basePathOf(publicUrl);
  const answers = { types: problemTypesWith(modules), log };
  const document = openApiDocument({ policy, modules, basePath });
  const hasDocs = !without.docs;
  const endpoints = [
    ...routesUnder(policy, modules).map((route) => routeEndpoint(route, { application, log, basePath })),
    ...wellKnownEndpoints(application, { publicUrl, hasDocs }),
    ...(without.health ? [] : healthEndpoints(options)),
    ...(hasDocs ? docsEndpoints(document, brand) : []),
    ...(hasDocs && !without.root ? [rootEndpoint(basePath)] : []),
    ...(without.linkPages ? [] : linkPageEndpoints(application, { publicUrl, brand, answers })),
  ];
  const surroundings = { answers, corsOrigins, isSecure: isSecure(publicUrl), isMounted: basePath !== '' };
  const served = serve(endpoints, surroundings);
  return { ...(onResponse ? observing(served, onResponse) : served), guard: guardOf(application, answers), endpoints };
}

/**
 * The metadata of the authorization server (RFC 8414) for a host that mounts the API under a path. Clients look for it
 * outside of the mount, at `/.well-known/oauth-authorization-server` followed by the path of the public URL, so mount
 * this at the root of the host. The API itself answers where its own root is the host's.
 */
export function createMetadataApi({
  publicUrl,
  corsOrigins = [],
  log,
  without = {},
}: Pick<HttpApiOptions, 'publicUrl' | 'corsOrigins' | 'log' | 'without'>): Served {
  const answers = { types: problemTypes, log: isolatedLog(log) };
  const endpoint = metadataOfPath({ publicUrl, hasDocs: !without.docs });
  return serve([endpoint], { answers, corsOrigins, isSecure: isSecure(publicUrl), isMounted: true });
}

const isSecure = (publicUrl: string) => publicUrl.startsWith('https:');
