import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetadataApi } from '../src/index.ts';
import { admin, member, type TestApi, testApi } from './api.ts';
import { type HostName, hosts } from './hosts.ts';
import { logged } from './logged.ts';
import type { Running } from './running.ts';

const publicUrl = 'https://host.example/accounts';
const page = 'https://app.example';

/** What the API answers, and what hosts answer differently. */
interface Expected {
  readonly usual: string;
  readonly differs?: Partial<Record<HostName, string>>;
}

/**
 * The expected differences between hosts: the host answers before the API sees the request, or does not show it all.
 * Everything else is the same on every host.
 */
const expected = {
  // A parser of the host refuses what is no JSON by itself. The one for Koa in this test lets its error through.
  'malformed JSON': {
    usual: '400 problem',
    differs: { 'Express with its parsers': '400', 'a route of Fastify': '400', 'Koa with a parser': '500' },
  },
  // A parser of the host has a limit of its own, or none.
  'a body of more than 1 MiB': {
    usual: '413 problem',
    differs: { 'Express with its parsers': '413', 'a route of Fastify': '413', 'Koa with a parser': '422 problem' },
  },
  // Fastify refuses a media type that it has no parser for, before it looks for a token.
  'another media type': { usual: '415 problem', differs: { 'a route of Fastify': '415' } },
  'another media type without a token': { usual: '401 problem', differs: { 'a route of Fastify': '415' } },
  // Fastify has no routes for methods that it is not told of.
  'an unknown method': { usual: '501 problem', differs: { 'a route of Fastify': '404' } },
  // Fastify has given the path to the API, so the API has to answer.
  'an unknown path in the mount': { usual: '404', differs: { 'a route of Fastify': '404 problem' } },
  // A `Request` shows repeated headers as one list. No list is a token.
  'a repeated Authorization': { usual: '400', differs: { Hono: '401' } },
  // The URL of a `Request` is resolved already.
  'dot segments': { usual: '404', differs: { Hono: '200' } },
} satisfies Record<string, Expected>;

describe.each(Object.keys(hosts) as HostName[])('mounted on %s, the API', (host) => {
  let tested: TestApi;
  let running: Running;
  beforeAll(async () => {
    tested = testApi({ publicUrl, corsOrigins: [page] });
    const metadata = createMetadataApi({ publicUrl, log: console });
    running = await hosts[host]({ api: logged(tested.api), metadata, path: '/accounts' });
  });
  afterAll(() => running.close());

  const ask = (
    methodAndPath: string,
    { token, json, ...init }: RequestInit & { token?: string; json?: unknown } = {},
  ) => {
    const [method = '', path = ''] = methodAndPath.split(' ');
    return running.request(path, {
      method,
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...init,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string>),
      },
    });
  };
  const problemOf = async (response: Response) => {
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    const { status, detail, instance } = await response.json();
    expect([status, instance]).toEqual([response.status, response.headers.get('X-Request-Id')]);
    return [status, detail];
  };

  it('registers, logs in and shows an account', async () => {
    const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123' };
    const registered = await ask('POST /accounts/auth/register', { json: ada });
    expect([registered.status, await registered.json()]).toMatchObject([201, { name: 'Ada' }]);
    const login = await ask('POST /accounts/auth/login', { json: ada });
    const { access_token: token } = await login.json();
    expect([login.status, login.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    const me = await ask('GET /accounts/users/me', { token });
    expect([me.status, await me.json()]).toMatchObject([200, { email: ada.email }]);
    expect((await ask('PATCH /accounts/users/me', { token, json: { name: 'Ada Lovelace' } })).status).toBe(200);
    const left = await ask('POST /accounts/auth/logout', { token });
    expect([left.status, await left.text()]).toEqual([204, '']);
    expect((await ask('GET /accounts/users/me', { token })).status).toBe(401);
  });

  it('takes a form at the token endpoint', async () => {
    const { email, password } = await member(tested);
    const form = { grant_type: 'password', username: email, password };
    const granted = await ask('POST /accounts/auth/token', { body: new URLSearchParams(form) });
    expect([granted.status, await granted.json()]).toMatchObject([200, { token_type: 'bearer' }]);
    const refused = await ask('POST /accounts/auth/token', { body: new URLSearchParams({ ...form, password: 'x' }) });
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: 'invalid_grant' }]);
  });

  it('refuses requests with problems of its own', async () => {
    const { token } = await member(tested);
    const anonymous = await ask('GET /accounts/users/me');
    expect(anonymous.headers.get('WWW-Authenticate')).toBe('Bearer');
    expect(await problemOf(anonymous)).toEqual([401, 'Not authenticated']);
    expect(await problemOf(await ask('GET /accounts/admin/users', { token }))).toEqual([403, 'Admin access required']);
    expect(await problemOf(await ask('GET /accounts/posts/999'))).toEqual([404, 'Post not found']);
    const invalid = await ask('POST /accounts/auth/login', { json: { email: 7 } });
    expect((await problemOf(invalid))[0]).toBe(422);
  });

  const login = (body: string, type = 'application/json') =>
    ask('POST /accounts/auth/login', { body, headers: { 'content-type': type } });
  const verdictOf = ({ status, headers }: Response) =>
    headers.get('Content-Type') === 'application/problem+json' ? `${status} problem` : String(status);
  const cases: Readonly<Record<keyof typeof expected, () => Promise<string>>> = {
    'malformed JSON': async () => verdictOf(await login('{')),
    'a body of more than 1 MiB': async () => verdictOf(await login(`{"email": "${'x'.repeat(1_048_576)}"}`)),
    'another media type': async () => verdictOf(await login('<a/>', 'application/xml')),
    async 'another media type without a token'() {
      const headers = { 'content-type': 'application/xml' };
      return verdictOf(await ask('PATCH /accounts/users/me', { body: '<a/>', headers }));
    },
    'an unknown method': async () => verdictOf(await ask('PROPFIND /accounts/users/me')),
    'an unknown path in the mount': async () => verdictOf(await ask('GET /accounts/hello')),
    async 'a repeated Authorization'() {
      const { token } = await member(tested);
      const twice = ['Authorization', `Bearer ${token}`, 'Authorization', `Bearer ${token}`];
      return String(await running.statusOf('GET /accounts/users/me', { headers: twice }));
    },
    'dot segments': async () => String(await running.statusOf('GET /accounts/users/../docs')),
  };
  it.each(Object.entries(cases))('answers %s as expected of this host', async (name, verdict) => {
    const { usual, differs }: Expected = expected[name as keyof typeof expected];
    expect(await verdict()).toBe(differs?.[host] ?? usual);
  });

  it('knows its methods', async () => {
    const wrong = await ask('PUT /accounts/users/me');
    expect(wrong.headers.get('Allow')).toBe('HEAD, GET, PATCH, DELETE');
    expect(await problemOf(wrong)).toEqual([405, 'Use one of HEAD, GET, PATCH, DELETE']);
    const options = await ask('OPTIONS /accounts/users/me');
    expect([options.status, options.headers.get('Allow')]).toEqual([200, 'HEAD, GET, PATCH, DELETE']);
    const [head, get] = [await ask('HEAD /accounts/docs'), await ask('GET /accounts/docs')];
    expect([head.status, await head.text()]).toEqual([get.status, '']);
    for (const name of ['Content-Type', 'Content-Length', 'ETag']) {
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    }
  });

  it('lets pages of listed origins call, and no others', async () => {
    const preflight = await ask('OPTIONS /accounts/users/me', {
      headers: { origin: page, 'access-control-request-method': 'PATCH' },
    });
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')]).toEqual([204, page]);
    for (const [origin, allowed] of [[page, page] as const, ['https://evil.example', null] as const]) {
      const { headers } = await ask('GET /accounts/posts', { headers: { origin } });
      expect([headers.get('Access-Control-Allow-Origin'), headers.get('Vary')]).toEqual([allowed, 'Origin']);
    }
  });

  it('has links and pages below its path, and its metadata at the root of the host', async () => {
    const { token } = await member(tested);
    await member(tested);
    const { headers } = await ask('GET /accounts/users?limit=1', { token });
    expect(headers.get('Link')).toMatch(/^<\/accounts\/users\?limit=1&after=\d+>; rel="next"$/);
    expect((await ask('GET /accounts/')).headers.get('Location')).toBe('/accounts/docs');
    expect(await (await ask('GET /accounts/reset-password?token=x')).text()).toContain('action="reset-password"');
    const metadata = await (await ask('GET /.well-known/oauth-authorization-server/accounts')).json();
    expect(metadata.issuer).toBe(publicUrl);
    const keySet = await ask(`GET ${new URL(metadata.jwks_uri).pathname}`);
    expect([keySet.status, keySet.headers.get('Content-Type')]).toEqual([200, 'application/jwk-set+json']);
  });

  it('passes all other requests on, without headers of its own', async () => {
    const headers = { 'content-type': 'text/plain', origin: page };
    const echo = await ask('POST /echo', { body: 'a body', headers });
    expect([echo.status, await echo.text()]).toEqual([200, 'a body']);
    const others = [echo, await ask('GET /users/me'), await ask('GET /accountsx/users/me')];
    for (const response of others) {
      expect(response.headers.get('Content-Type')).not.toBe('application/problem+json');
      for (const name of ['X-Request-Id', 'Referrer-Policy', 'Access-Control-Allow-Origin']) {
        expect([name, response.headers.get(name)]).toEqual([name, null]);
      }
    }
    expect(others.slice(1).map(({ status }) => status)).toEqual(others.slice(1).map(() => 404));
  });

  it('guards routes of the host', async () => {
    const [{ token }, root] = [await member(tested), await admin(tested)];
    const anonymous = await ask('GET /reports');
    expect(anonymous.headers.get('WWW-Authenticate')).toBe('Bearer');
    expect([anonymous.status, (await anonymous.json()).detail]).toEqual([401, 'Not authenticated']);
    expect((await ask('GET /reports', { token })).status).toBe(403);
    const admitted = await ask('GET /reports', { token: root.token });
    expect([admitted.status, await admitted.text()]).toEqual([200, String(root.id)]);
  });
});
