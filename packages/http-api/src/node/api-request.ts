import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from '../messages.ts';
import { bodyOf } from './read-body.ts';

/** What a mount knows of a request, besides what Node does. */
export interface Mounted extends Pick<ApiRequest, 'path' | 'query' | 'clientAddress' | 'requestId' | 'observed'> {
  /** What a parser of the host has made of the body, if one has read it. */
  readonly parsedBody?: unknown;
}

/** A request of Node as the API takes it, for a mount of your own. */
export function apiRequestOf(request: IncomingMessage, mounted: Mounted): ApiRequest {
  const { path, query, clientAddress, requestId, observed, parsedBody } = mounted;
  return {
    method: request.method ?? '',
    path,
    query,
    header: headersOf(request),
    clientAddress,
    requestId,
    body: bodyOf(request, parsedBody),
    rawHeaders: request.rawHeaders,
    // A server for HTTP/2 has checked its own version. The one for HTTP/1 accepts any.
    httpVersion: 'stream' in request ? undefined : request.httpVersion,
    observed,
  };
}

/** Looks a header up by its name in lower case. */
export function headersOf({ headers }: IncomingMessage): ApiRequest['header'] {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
}

/** The path and the query of a target (RFC 9112, section 3.2.1), without a fragment, which clients must not send. */
export function splitTarget(target: string): Pick<ApiRequest, 'path' | 'query'> {
  const [whole = ''] = target.split('#', 1);
  const [path = ''] = whole.split('?', 1);
  return { path, query: whole.slice(path.length + 1) };
}
