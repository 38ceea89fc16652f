import type { ApiRequest, ApiResponse } from '../messages.ts';
import { retryHeaderNames } from '../problems/retry-headers.ts';

/** Headers that pages of other origins may always send. They may send others that they ask for. */
const usualHeaders = ['Authorization', 'Content-Type'];

const preflightHeaders = {
  'Access-Control-Allow-Methods': 'GET,HEAD,POST,PATCH,DELETE',
  'Access-Control-Max-Age': '600',
} as const;

const exposedHeaders = {
  'Access-Control-Expose-Headers': ['Link', ...retryHeaderNames, 'WWW-Authenticate', 'X-Request-Id'].join(),
};

/** What pages of other origins may do (Fetch Standard, section 3.3, CORS protocol). */
export interface Cors {
  /** The headers of the answer to any request. */
  headersFor(request: ApiRequest): Readonly<Record<string, string>>;
  /** The answer to a preflight request; `undefined` if this is none, or its origin is not listed. */
  preflight(request: ApiRequest): ApiResponse | undefined;
}

/**
 * Lets pages of these origins call. If there are none, no CORS header is sent.
 *
 * @throws Error when one is not an origin, so that no page could ever match it
 */
export function corsFor(listedOrigins: readonly string[]): Cors {
  const origins = listedOrigins.map((text) => {
    const origin = toOrigin(text);
    if (origin === undefined)
      throw new Error(`The option corsOrigins must list origins such as https://app.example.com: ${text}`);
    return origin;
  });
  const listed = ({ header }: ApiRequest) => origins.find((origin) => origin === header('origin'));
  return {
    headersFor(request) {
      if (origins.length === 0) return {};
      const origin = listed(request);
      if (origin === undefined || request.method === 'OPTIONS') return { Vary: 'Origin' };
      return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, ...exposedHeaders };
    },
    preflight(request) {
      const origin = listed(request);
      if (origin === undefined || request.method !== 'OPTIONS') return undefined;
      if (!request.header('access-control-request-method')) return undefined;
      const allowed = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Headers': headersAsked(request) };
      return { status: 204, headers: { ...allowed, ...preflightHeaders } };
    },
  };
}

/** The name of a header (RFC 9110, section 5.6.2). */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

function headersAsked({ header }: ApiRequest): string {
  const usual = usualHeaders.map((name) => name.toLowerCase());
  const asked = (header('access-control-request-headers') ?? '').split(',').map((name) => name.trim());
  return [
    ...usualHeaders,
    ...asked.filter((name) => headerName.test(name) && !usual.includes(name.toLowerCase())),
  ].join();
}

/**
 * The origin as browsers send it: scheme, host, and the port unless it is the scheme's own. Upper case, a default port
 * and a slash at the end are accepted. The scheme may be any that has a host, such as `capacitor://localhost`.
 * `undefined` for anything else, such as a pattern, a path, or a file, whose origin is not sent.
 */
export function toOrigin(text: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\*]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  // The host of a scheme that the URL Standard does not know keeps its upper case, unlike in browsers.
  const { protocol, host } = new URL(text);
  return host === '' || protocol === 'file:' ? undefined : `${protocol}//${host.toLowerCase()}`;
}
