import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { clientAddress, givenAddress, trustedProxies } from '../callers/client-address.ts';
import type { Sender } from '../callers/bearer.ts';
import { functions, options, texts } from '../options.ts';
import { headersOf } from './api-request.ts';

/** Where requests come from, as the host knows it. */
export interface NodeOrigin {
  /** Addresses or CIDR blocks of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies?: readonly string[] | undefined;
  /**
   * The IP address of a client, for a host that knows better than socket and X-Forwarded-For. A request for which it
   * returns anything but a text, or throws, is not served. Texts that are no IP addresses count as one client for the limits.
   */
  readonly clientAddress?: ((request: IncomingMessage) => string | undefined) | undefined;
  /** The id of a request, if the host has given it one. It must not come from the client. */
  readonly requestId?: ((request: IncomingMessage) => string) | undefined;
}

export const nodeOriginOptions = options({
  trustedProxies: v.optional(texts),
  clientAddress: v.optional(functions),
  requestId: v.optional(functions),
} satisfies Record<keyof NodeOrigin, v.GenericSchema>);

/** A function that tells who sent a request; `undefined` if the client has no address. */
export function senderBy(origin: NodeOrigin = {}): (request: IncomingMessage) => Sender | undefined {
  const proxies = trustedProxies(origin.trustedProxies ?? []);
  const { requestId = () => randomUUID() } = origin;
  return (request) => {
    const header = headersOf(request);
    try {
      const address = origin.clientAddress
        ? givenAddress(origin.clientAddress(request))
        : clientAddress(request.socket.remoteAddress, header('x-forwarded-for'), proxies);
      return address === undefined ? undefined : { header, clientAddress: address, requestId: requestId(request) };
    } catch {
      // A client that leaves out a header may make a function of the host throw. It must not end the process.
      return undefined;
    }
  };
}
