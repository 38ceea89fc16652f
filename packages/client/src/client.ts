import { isApiError } from './api-error.ts';
import { parseBaseUrl } from './base-url.ts';
import { type Deadline, inTime } from './deadline.ts';
import { routes } from './generated/routes.ts';
import type { operations } from './generated/schema.ts';
import { type Grant, isGrant } from './grant.ts';
import type { CallOptions, MethodsOf } from './operations.ts';
import { iterable } from './pages.ts';
import type { Fields } from './request.ts';
import { parseRoute, type Route, type RouteTable } from './route.ts';
import { Session } from './session.ts';
import { memoryStorage, type TokenStorage } from './token-storage.ts';
import { send } from './transport.ts';

/** The options of a client. */
export interface ClientOptions {
  /**
   * The URL of the API, with the path of its mount: `https://example.com/accounts`. In a browser, it may be relative to
   * the page. It begins with https, unless it is of this machine.
   */
  readonly baseUrl: string | URL;
  /** Where the tokens are kept; in memory if absent. */
  readonly storage?: TokenStorage | undefined;
  /**
   * Is called once when a session has ended: by a logout here or in another tab, by an admin, or because its time is
   * over. A network failure ends no session.
   */
  readonly onSignedOut?: (() => void) | undefined;
  /** Milliseconds that a call may take; 30,000 if absent. */
  readonly timeout?: number | undefined;
  /** Headers of each request, such as `Accept-Language`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces the `fetch` of the platform. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Permits a base URL that begins with http, for a network that you trust. */
  readonly allowInsecure?: boolean | undefined;
  /** Routes of modules that this package does not know: `{ getInvoice: 'GET /invoices/{id}' }`. */
  readonly routes?: RouteTable | undefined;
}

/** The session of a client. */
export interface ClientSession {
  /** Whether tokens are kept. The server may have ended their session. */
  isActive(): Promise<boolean>;
  /**
   * An access token that is valid for a while yet, for other services that accept it; `undefined` without a session.
   *
   * @throws ApiError when the token has expired and cannot be refreshed for now
   */
  accessToken(): Promise<string | undefined>;
  /**
   * Replaces the tokens now, although they may be valid for a while yet. Resolves to whether there still is a session.
   *
   * @throws ApiError when they cannot be refreshed for now. They are kept.
   */
  refresh(): Promise<boolean>;
  /**
   * Keeps tokens that were obtained elsewhere.
   *
   * @throws TypeError when they are not a grant
   */
  adopt(grant: Grant): Promise<void>;
  /** Forgets the tokens without ending their session on the server. `logout` does both. */
  clear(): Promise<void>;
}

/** A method for each operation of the API, and the session that they share. */
export type Client<Operations = operations> = MethodsOf<Operations> & { readonly session: ClientSession };

/** The operations after which the session of the client is over. */
const endings = ['logout', 'endAllSessions', 'deleteAccount', 'deactivate'];

/**
 * Creates a client. Each method takes the fields of its path, query and body in one object, in the names of the API.
 * What returns a grant, such as `login` and `changePassword`, stores its tokens. They are refreshed shortly before they
 * expire, and when the server refuses them: the request is then repeated once. No other request is repeated.
 *
 * The types are those of the Sallyport server. If your API has other fields or modules, generate types from its
 * `/openapi.json` by openapi-typescript, and give them: `createClient<operations>({ … })`.
 *
 * @throws TypeError when the base URL cannot be used
 */
export function createClient<Operations = operations>({
  storage = memoryStorage(),
  onSignedOut = () => {},
  fetch = globalThis.fetch.bind(globalThis),
  headers = {},
  timeout,
  ...options
}: ClientOptions): Client<Operations> {
  const baseUrl = parseBaseUrl(options.baseUrl, options.allowInsecure === true);
  const transport = { baseUrl, fetch, headers };
  const refreshRoute = parseRoute('refresh', routes.refresh);
  const session = new Session({
    baseUrl,
    storage,
    onSignedOut,
    refresh: (refreshToken) =>
      inTime('refresh', { timeout }, (deadline) =>
        send(transport, refreshRoute, { refresh_token: refreshToken }, deadline),
      ),
  });

  async function authorized(route: Route, input: Fields | undefined, deadline: Deadline): Promise<unknown> {
    if (!route.takesToken) return send(transport, route, input, deadline);
    const tokens = await deadline.wait(session.fresh());
    try {
      return await send(transport, route, input, deadline, tokens?.accessToken);
    } catch (error) {
      if (!tokens || !isRefusedToken(error)) throw error;
      const renewed = await deadline.wait(session.renew(tokens));
      if (!renewed) throw error;
      return send(transport, route, input, deadline, renewed.accessToken);
    }
  }

  async function call(route: Route, input: Fields | undefined, given: CallOptions = {}): Promise<unknown> {
    const result = await inTime(route.operation, { timeout, ...given }, (deadline) =>
      authorized(route, input, deadline),
    );
    if (isGrant(result)) await session.adopt(result);
    if (endings.includes(route.operation)) await session.clear();
    return result;
  }

  /** The tokens are forgotten on this device, whether or not the server can be reached. */
  async function logout(...given: Parameters<typeof call>): Promise<void> {
    try {
      await call(...given);
    } catch (error) {
      if (!isRefusedToken(error)) throw error;
    } finally {
      await session.clear();
    }
  }

  const methods = Object.entries({ ...routes, ...options.routes }).map(([name, text]) => {
    const route = parseRoute(name, text);
    const run = (input?: Fields, given?: CallOptions) => (name === 'logout' ? logout : call)(route, input, given);
    const list = (input?: Fields, given?: CallOptions) => iterable(run(input, given), (next) => run(next, given));
    return [name, route.method === 'GET' ? list : run];
  });
  return { ...Object.fromEntries(methods), session: sessionOf(session) } as Client<Operations>;
}

/** Whether the server does not accept the access token, or wants one. */
function isRefusedToken(error: unknown): boolean {
  return isApiError(error) && ['not_authenticated', 'invalid_token', 'user_no_longer_exists'].includes(error.code);
}

function sessionOf(session: Session): ClientSession {
  return {
    isActive: async () => (await session.current()) !== undefined,
    accessToken: async () => (await session.fresh())?.accessToken,
    async refresh() {
      const tokens = await session.current();
      return tokens !== undefined && (await session.renew(tokens)) !== undefined;
    },
    async adopt(grant) {
      if (!isGrant(grant)) throw new TypeError('A grant has an access_token, a refresh_token and expires_in');
      await session.adopt(grant);
    },
    clear: () => session.clear(),
  };
}
