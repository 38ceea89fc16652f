import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Sender } from '../callers/bearer.ts';
import { givenAddress } from '../callers/client-address.ts';
import { functions, options } from '../options.ts';

/** Where requests come from. A `Request` does not say, so the host must. */
export interface FetchOrigin<Context> {
  /**
   * The IP address of a client, for limits and audit: in Bun `server.requestIP(request)`, in Deno `info.remoteAddr`, in
   * Hono `getConnInfo(c)`. The second argument is what the host passes on with the request. Behind a proxy, see
   * `clientAddress` of the main entry point. A request for which it returns anything but a text is not served. Texts
   * that are no IP addresses count as one client for the limits.
   */
  readonly clientAddress: (request: Request, context: Context) => string | undefined;
  /** The id of a request, if the host has given it one. It must not come from the client. */
  readonly requestId?: ((request: Request, context: Context) => string) | undefined;
}

export const fetchOriginOptions = options({
  clientAddress: functions,
  requestId: v.optional(functions),
} satisfies Record<keyof FetchOrigin<unknown>, v.GenericSchema>);

/**
 * Who sent a request.
 *
 * @throws Error when the client has no address: such a request is not served
 */
export function senderOf<Context>(
  { clientAddress, requestId = () => randomUUID() }: FetchOrigin<Context>,
  request: Request,
  context: Context,
): Sender {
  const address = givenAddress(clientAddress(request, context));
  if (address === undefined) throw new Error('The client has no address');
  return {
    header: (name) => request.headers.get(name) ?? undefined,
    clientAddress: address,
    requestId: requestId(request, context),
  };
}
