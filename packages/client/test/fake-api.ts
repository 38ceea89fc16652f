/** A request that the API got. */
export interface Sent {
  /** Such as `GET /users?limit=1`, after the base URL. */
  readonly target: string;
  readonly init: RequestInit;
  readonly token: string | undefined;
  /** The JSON of the body. */
  readonly json: any;
}

export const baseUrl = 'https://example.com/accounts';

/** An answer of JSON. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** An answer that refuses. */
export function problem(code: string, status: number, headers: Record<string, string> = {}): Response {
  const body = { type: `urn:sallyport:problem:${code}`, title: 'Title', status, detail: 'The detail', instance: 'r1' };
  return json(body, status, { 'Content-Type': 'application/problem+json', ...headers });
}

/** The grant of a session's generation: its tokens are `access-1` and `refresh-1`. */
const grantOf = (generation: number, lifetime = 1800) => ({
  access_token: `access-${generation}`,
  token_type: 'bearer',
  expires_in: lifetime,
  refresh_token: `refresh-${generation}`,
  user: { id: 1 },
});

/** A `fetch` that answers with what `answer` returns, as a server at `baseUrl` would. */
export function fakeApi(answer: (sent: Sent) => Response | Promise<Response>): {
  readonly sent: readonly Sent[];
  readonly fetch: typeof fetch;
} {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(url, init = {}) {
      const { method = 'GET', headers, body, signal } = init;
      const token = (headers as Record<string, string>)['Authorization']?.replace('Bearer ', '');
      const one = {
        target: `${method} ${(url as string).replace(baseUrl, '')}`,
        init,
        token,
        json: typeof body === 'string' && body.startsWith('{') ? JSON.parse(body) : undefined,
      };
      sent.push(one);
      const aborted = new Promise<never>((_, reject) => {
        if (signal?.aborted) reject(signal.reason as Error);
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
      return Promise.race([aborted, Promise.resolve(answer(one))]);
    },
  };
}

/**
 * An API with one session. It accepts the access token of the current generation, and the refresh token of the current
 * and of the previous one, as the server does for 30 seconds. The first login begins with generation 1, another one ten
 * generations later.
 */
export function sessionApi({ lifetime = 1800 } = {}) {
  let generation = 0;
  let isOver = false;
  let onRefresh = async (): Promise<Response | undefined> => undefined;
  const api = fakeApi(async ({ target, token, json: sent }) => {
    if (target === 'POST /auth/login') {
      isOver = false;
      generation += generation === 0 ? 1 : 10;
      return json(grantOf(generation, lifetime));
    }
    if (target === 'POST /auth/refresh') {
      const refused = await onRefresh();
      if (refused) return refused;
      const of = Number(sent.refresh_token.split('-')[1]);
      if (isOver || of < generation - 1) return problem('invalid_refresh_token', 401);
      if (of === generation) generation += 1;
      return json(grantOf(generation, lifetime));
    }
    if (token === undefined && target === 'GET /posts') return json([]);
    if (token === undefined) return problem('not_authenticated', 401);
    if (isOver || token !== `access-${generation}`) return problem('invalid_token', 401);
    if (target === 'POST /auth/logout') {
      isOver = true;
      return new Response(null, { status: 204 });
    }
    return json(target === 'GET /users/me' ? { id: 1, token } : []);
  });
  return {
    ...api,
    targets: () => api.sent.map(({ target }) => target),
    refreshes: () => api.sent.filter(({ target }) => target === 'POST /auth/refresh').length,
    /** Makes the access token of the current generation invalid, as time would. */
    expireAccess: () => void (generation += 1),
    /** Ends the session on the server. */
    end: () => void (isOver = true),
    /** What happens during a refresh; a response is the answer to it. */
    duringRefresh: (act: typeof onRefresh) => void (onRefresh = act),
  };
}
