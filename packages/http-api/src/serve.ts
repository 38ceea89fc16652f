import { corsFor } from './headers/cors.ts';
import { refuseHostileHeaders } from './headers/hostile-headers.ts';
import { securityHeaders } from './headers/security-headers.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';
import { answerError, type ErrorAnswers } from './problems/answer.ts';
import { HttpError } from './problems/http-error.ts';
import { type Endpoint, parametersOf, pathTable, type Place } from './routes/path-table.ts';

/** Endpoints that answer requests. */
export interface Served {
  /** Whether this path, inside the mount and as sent, is one of ours, whatever the method. */
  has(path: string): boolean;
  /** Answers a request for one of our paths; `undefined` for any other, which is the host's. Never rejects. */
  handle(request: ApiRequest): Promise<ApiResponse | undefined>;
  /** Answers every request: 404 where `handle` returns `undefined`. Never rejects. */
  answer(request: ApiRequest): Promise<ApiResponse>;
}

/** What all endpoints share. */
export interface Serving {
  readonly answers: ErrorAnswers;
  readonly corsOrigins: readonly string[];
  /** Whether clients come by https. */
  readonly isSecure: boolean;
  /** Whether the API is under a path of a host. */
  readonly isMounted: boolean;
}

/** The methods that some path could have. Any other is not implemented (RFC 9110, section 15.6.2). */
const knownMethods = ['HEAD', 'OPTIONS', 'GET', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** Serves endpoints, with the headers and refusals that are common to all. */
export function serve(endpoints: readonly Endpoint[], { answers, corsOrigins, isSecure, isMounted }: Serving): Served {
  const find = pathTable(endpoints);
  const security = securityHeaders(isSecure, isMounted);
  const cors = corsFor(corsOrigins);

  async function answer(request: ApiRequest): Promise<ApiResponse> {
    const common: Record<string, string> = { ...security, 'X-Request-Id': request.requestId };
    try {
      refuseHostileHeaders(request);
      Object.assign(common, cors.headersFor(request));
      const preflight = cors.preflight(request);
      return complete(request, common, preflight ?? (await dispatch(request, find(request.path))));
    } catch (error) {
      return complete(request, common, answerError(error, request.requestId, answers, request.observed));
    }
  }

  return {
    has: (path) => find(path) !== undefined,
    handle: async (request) => (find(request.path) ? answer(request) : undefined),
    answer,
  };
}

function dispatch(request: ApiRequest, place: Place | undefined): Promise<ApiResponse> | ApiResponse {
  const Allow = place?.allowed.join(', ') ?? '';
  if (!knownMethods.includes(request.method)) {
    throw new HttpError('not_implemented', 'The method is not known', { Allow });
  }
  if (!place) throw new HttpError('not_found', 'Not found');
  if (request.method === 'OPTIONS') {
    return { status: 200, headers: { Allow, 'Content-Type': 'text/plain; charset=utf-8' }, body: '' };
  }
  const endpoint = place.endpointFor(request.method);
  if (!endpoint) throw new HttpError('method_not_allowed', `Use one of ${Allow}`, { Allow });
  if (request.observed) request.observed.route = endpoint.path;
  return endpoint.answer(request, parametersOf(endpoint.path, request.path));
}

/** The whole answer. A HEAD request gets the headers of GET, with the length of the body. */
function complete(
  { method }: ApiRequest,
  common: Record<string, string>,
  { status, headers: own, body }: ApiResponse,
): ApiResponse {
  const headers = Object.assign(common, own);
  if (body === undefined) return { status, headers };
  headers['Content-Length'] = String(Buffer.byteLength(body));
  return method === 'HEAD' ? { status, headers } : { status, headers, body };
}
