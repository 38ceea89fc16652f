import type { ApiRequest, ApiResponse } from '../messages.ts';

/** Headers that pages of other origins may always send. They may send others that they ask for. */
const usualHeaders = ['Authorization', 'Content-Type'];

const preflightHeaders = {
  'Access-Control-Allow-Methods': 'GET,HEAD,POST,PATCH,DELETE',
  'Access-Control-Max-Age': '600',
} as const;

const exposedHeaders = {
  'Access-Control-Expose-Headers': 'Link,RateLimit,RateLimit-Policy,Retry-After,WWW-Authenticate,X-Request-Id',
} as const;

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
export function corsFor(origins: readonly string[]): Cors {
  const strange = origins.find((origin) => !isOrigin(origin));
  if (strange !== undefined) throw new Error(`"${strange}" is not an origin such as https://app.example.com`);
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

function headersAsked({ header }: ApiRequest): string {
  const usual = usualHeaders.map((name) => name.toLowerCase());
  const asked = (header('access-control-request-headers') ?? '').split(',').map((name) => name.trim());
  return [...usualHeaders, ...asked.filter((name) => name !== '' && !usual.includes(name.toLowerCase()))].join();
}

/**
 * Whether this is an origin as browsers send it: scheme, host, and the port unless it is the scheme's own. The scheme
 * may be any that has a host, such as `capacitor://localhost`. A pattern is none.
 */
export function isOrigin(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\*A-Z]+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}` === text;
}
