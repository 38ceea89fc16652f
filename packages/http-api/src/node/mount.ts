import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import type { ApiRequest } from '../messages.ts';
import { insideMount } from '../mount-path.ts';
import { options, refuseOptions, text } from '../options.ts';
import type { Served } from '../serve.ts';
import { apiRequestOf, splitTarget } from './api-request.ts';
import { type NodeOrigin, nodeOriginOptions, senderBy } from './origin.ts';

/** How the API is mounted. */
export interface NodeMount extends NodeOrigin {
  /**
   * The path of the mount, if the host does not take it off `request.url` itself. Express, Connect, middie and koa-mount
   * do, so leave it out there.
   */
  readonly mountPath?: string | undefined;
}

/** A request as the API takes it; that it is for the host; or that its client has no address, so that it is not served. */
export type MountedRequest = ApiRequest | 'elsewhere' | 'no address';

const nodeMountOptions = options({
  ...nodeOriginOptions.entries,
  mountPath: v.optional(text),
} satisfies Record<keyof NodeMount, v.GenericSchema>);

/**
 * A function that reads the requests of a mount, for a mount of your own on Node.
 *
 * @throws Error when an option is invalid or does not exist
 */
export function mountedRequests(
  api: Pick<Served, 'has'>,
  mount: NodeMount = {},
): (request: IncomingMessage, parsedBody?: unknown) => MountedRequest {
  refuseOptions(nodeMountOptions, mount);
  const { mountPath = '', ...origin } = mount;
  const inside = insideMount(mountPath);
  const senderOf = senderBy(origin);
  return (request, parsedBody) => {
    const { path: outer, query } = splitTarget(request.url ?? '');
    const path = inside(outer);
    if (path === undefined || !api.has(path)) return 'elsewhere';
    const sender = senderOf(request);
    if (!sender) return 'no address';
    const { clientAddress, requestId } = sender;
    return apiRequestOf(request, { path, query, clientAddress, requestId, parsedBody });
  };
}
