import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ApiResponse } from '../messages.ts';
import type { Served } from '../serve.ts';
import { type MountedRequest, mountedRequests, type NodeMount } from './mount.ts';

/** A request of Node, with the body that a parser of the host may have left. */
export type NodeRequest = IncomingMessage & { readonly body?: unknown };

/** Passes a request on to the host, as Connect and Express do. */
export type Next = (error?: unknown) => void;

/** Answers the requests of the API, and passes all others on to `next`. Without `next` they get 404. */
export type NodeListener = (request: NodeRequest, response: ServerResponse, next?: Next) => void;

/**
 * Mounts the API on `node:http`, Express, Fastify (by middie), Nest or any other host with such a listener. The
 * connection of a client without an address is closed.
 *
 * @throws Error when an option is invalid or does not exist
 */
export function nodeListener(api: Served, mount: NodeMount = {}): NodeListener {
  const read = mountedRequests(api, mount);
  const readAny = mountedRequests({ has: () => true }, { ...mount, mountPath: '' });
  return (request, response, next) => {
    const mounted = read(request, request.body);
    if (mounted === 'elsewhere' && next) next();
    else void answer(mounted === 'elsewhere' ? readAny(request, request.body) : mounted, request, response);
  };

  async function answer(mounted: MountedRequest, request: NodeRequest, response: ServerResponse): Promise<void> {
    if (typeof mounted === 'string') request.socket.destroy();
    else send(response, await api.answer(mounted));
  }
}

/** Sends an answer of the API, or the refusal of a guard, unless the host has answered in the meantime. */
export function send(response: ServerResponse, { status, headers, body }: ApiResponse): void {
  if (response.headersSent) return;
  // Together, so that Node need not keep each header until it writes them.
  response.writeHead(status, headers as OutgoingHttpHeaders);
  response.end(body);
}
