import * as v from 'valibot';
import type { ApiResponse } from '../messages.ts';
import { insideMount } from '../mount-path.ts';
import { functions, options, refuseOptions, text } from '../options.ts';
import type { Served } from '../serve.ts';
import { type FetchOrigin, fetchOriginOptions, senderOf } from './origin.ts';
import { bodyOf } from './read-body.ts';

/** How the API is mounted. */
export interface FetchMount<Context> extends FetchOrigin<Context> {
  /** The path of the mount, if the URL of a request contains it. */
  readonly mountPath?: string | undefined;
  /** What the host has parsed the body to, if it has read it; `undefined` otherwise. */
  readonly parsedBody?: ((request: Request, context: Context) => unknown) | undefined;
}

/** Answers the requests of the API; resolves with `undefined` for all others, which are the host's. */
export type FetchHandler<Context> = (
  request: Request,
  ...context: undefined extends Context ? [context?: Context] : [context: Context]
) => Promise<Response | undefined>;

const fetchMountOptions = options({
  ...fetchOriginOptions.entries,
  mountPath: v.optional(text),
  parsedBody: v.optional(functions),
} satisfies Record<keyof FetchMount<unknown>, v.GenericSchema>);

/**
 * Mounts the API where requests are those of the Fetch Standard: Hono, Next, Bun, Deno. It rejects when the client has
 * no address, since nothing here can close a connection.
 *
 * @throws Error when an option is invalid or does not exist
 */
export function fetchHandler<Context = undefined>(api: Served, mount: FetchMount<Context>): FetchHandler<Context> {
  refuseOptions(fetchMountOptions, mount);
  const { mountPath = '', parsedBody, ...origin } = mount;
  const inside = insideMount(mountPath);
  return async (request, ...[given]) => {
    const context = given as Context;
    const { pathname, search } = new URL(request.url);
    const path = inside(pathname);
    if (path === undefined || !api.has(path)) return undefined;
    const response = await api.answer({
      ...senderOf(origin, request, context),
      method: request.method,
      path,
      query: search.slice(1),
      body: bodyOf(request, parsedBody?.(request, context)),
    });
    return toResponse(response);
  };
}

/** An answer of the API as a `Response`. */
export function toResponse({ status, headers, body }: ApiResponse): Response {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new Response(body ?? null, { status, headers: entries });
}
