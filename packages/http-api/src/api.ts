import * as v from 'valibot';
import { apiOptions, type HttpApiOptions } from './api-options.ts';
import { basePathOf } from './base-path.ts';
import { docsEndpoints, rootEndpoint } from './docs/docs-page.ts';
import { type Guard, guardOf } from './guard.ts';
import { healthEndpoints } from './health.ts';
import { metadataOfPath, wellKnownEndpoints } from './oauth/well-known.ts';
import { openApiDocument } from './openapi/document.ts';
import { refuseBrand } from './pages/brand.ts';
import { linkPageEndpoints } from './pages/link-pages.ts';
import { isolatedLog } from './problems/error-log.ts';
import { problemTypes, problemTypesWith } from './problems/problem-types.ts';
import { routeEndpoint } from './routes/endpoint.ts';
import type { Endpoint } from './routes/path-table.ts';
import { routesUnder } from './routes/module.ts';
import { observing } from './observing.ts';
import { refuseOptions } from './options.ts';
import { type Served, serve } from './serve.ts';

/** The API over plain data. The mounts in `./node` and `./fetch` connect it to a host. */
export interface HttpApi extends Served {
  readonly guard: Guard;
  /** Every method and path that the API answers, as the observer is told of them. */
  readonly endpoints: readonly Pick<Endpoint, 'method' | 'path' | 'statuses'>[];
}

/**
 * Makes the API.
 *
 * @throws Error when an option is invalid or does not exist, when two routes answer the same, or when an error code has
 *   no problem type or two
 */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  refuseOptions(apiOptions, options);
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
 * this at the root of the host. The API itself answers where its own root is the host's. It takes the options of the
 * API, and uses some of them.
 *
 * @throws Error when an option is invalid or does not exist
 */
export function createMetadataApi(
  options: Pick<HttpApiOptions, 'publicUrl' | 'corsOrigins' | 'log' | 'without'>,
): Served {
  refuseOptions(metadataOptions, options);
  const { publicUrl, corsOrigins = [], log, without = {} } = options;
  const answers = { types: problemTypes, log: isolatedLog(log) };
  const endpoint = metadataOfPath({ publicUrl, hasDocs: !without.docs });
  return serve([endpoint], { answers, corsOrigins, isSecure: isSecure(publicUrl), isMounted: true });
}

const metadataOptions = v.partial(apiOptions, ['application']);

const isSecure = (publicUrl: string) => new URL(publicUrl).protocol === 'https:';
