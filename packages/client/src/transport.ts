import type { Deadline } from './deadline.ts';
import { toPage } from './pages.ts';
import { type Fields, requestOf } from './request.ts';
import { resultOf } from './response.ts';
import type { Route } from './route.ts';

/** Where requests go, and how. */
export interface TransportOptions {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends one request, and returns its result. The URL is always one of the API. A redirection fails, and cookies are not
 * sent, so that no other server gets the token.
 *
 * @throws ApiError when the server refuses, cannot be reached, or is something else than the API
 */
export async function send(
  { baseUrl, fetch, headers: ofClient }: TransportOptions,
  route: Route,
  input: Fields | undefined,
  deadline: Deadline,
  token?: string,
): Promise<unknown> {
  const { url, method, contentType, body } = requestOf(baseUrl, route, input);
  const headers = {
    Accept: 'application/json',
    ...ofClient,
    ...(contentType !== undefined && { 'Content-Type': contentType }),
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  };
  const init = { method, headers, redirect: 'error', credentials: 'omit', signal: deadline.signal } as const;
  const response = await arrived(deadline, () => fetch(url, body === undefined ? init : { ...init, body }));
  const text = await arrived(deadline, () => response.text());
  const result = resultOf(route.operation, { status: response.status, headers: response.headers, text });
  return Array.isArray(result) ? toPage(result, response.headers.get('Link'), input) : result;
}

async function arrived<Part>(deadline: Deadline, receive: () => Promise<Part>): Promise<Part> {
  try {
    return await receive();
  } catch (cause) {
    throw deadline.failure(cause);
  }
}
