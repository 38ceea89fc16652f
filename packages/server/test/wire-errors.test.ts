import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import { openApiDocument, policy, routes } from './server-routes.ts';
import { type Answer, basePath, member, startServer, storeOfEachAdapter, type TestServer } from './start-server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Each path of the API and of what stands beside it, and the methods that it knows. */
const beside = ['/docs', '/openapi.json', '/health/live', '/health/ready'].map((path) => ({ method: 'GET', path }));
const everything = [...routes, ...beside];
const paths = [...new Set(everything.map(({ path }) => path))].map((path) => ({
  path: path.replace('{id}', '1'),
  methods: everything
    .filter((route) => route.path === path)
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .toSorted(),
}));

const allow = ({ headers }: Answer) => headers.get('Allow')?.split(', ').toSorted();

describe.each(storeOfEachAdapter)('what %s answers to every request', (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store);
  });
  afterAll(() => server.close());

  const request: TestServer['request'] = (...args) => server.request(...args);
  const login = (body: string, type = 'application/json') =>
    request('POST /auth/login', { body, headers: { 'Content-Type': type } });

  describe('a refusal', () => {
    it('is a problem of one shape', async () => {
      const { token } = await member(server);
      const invalid = { '/email': 'Field required', '/password': 'Field required' };
      expect(challengeOf(await request('GET /users/me'))).toBe('Not authenticated');
      expect(challengeOf(await request('GET /users/me', { token: 'x' }))).toBe('Invalid or expired token');
      expect(problemOf(await request('GET /admin/users', { token }))).toEqual([403, 'Admin access required']);
      expect(problemOf(await request('GET /posts/999999'))).toEqual([404, 'Post not found']);
      expect(invalidOf(await request('POST /auth/login', { json: {} }))).toEqual(invalid);
      expect(invalidOf(await request('POST /auth/login'))).toEqual(invalid);
      expect(problemOf(await login('[]'))).toEqual([400, 'The body must be an object']);
    });

    const notJson = [415, 'The body must be application/json in UTF-8'];

    it('is a problem for a body of another media type', async () => {
      expect(problemOf(await login('{}', 'text/plain'))).toEqual(notJson);
      expect(problemOf(await login('a=b', 'application/x-www-form-urlencoded'))).toEqual(notJson);
    });

    it.each([
      ['that is malformed', '{', 'application/json', [400, 'The body cannot be read']],
      ['in another charset', '{}', 'application/json; charset=latin1', notJson],
      ['in two charsets', '{}', 'application/json; charset=utf-8; charset=latin1', notJson],
      ['in a charset after white space', '{}', 'application/json; charset = latin1', notJson],
      ['in a charset without its second quote', '{}', 'application/json; charset="utf-8', notJson],
      ['that is too large', `"${'x'.repeat(1_048_576)}"`, 'application/json', [413, 'The body must be at most 1 MiB']],
    ])('is a problem for a JSON body %s', async (_, body, type, expected) => {
      expect(problemOf(await login(body, type))).toEqual(expected);
    });

    it.each(['true', '7', '"text"', 'null', '', '{"a":1}x', "{'a':1}"])('meets the body %o', async (body) => {
      const { status } = await login(body);
      expect(status).toBe(400);
    });

    it('comes for want of a token before any look at the body or the id', async () => {
      const garbage = { body: '{', headers: { 'Content-Type': 'text/plain' } };
      expect(challengeOf(await request('PATCH /users/me', garbage))).toBe('Not authenticated');
      expect(challengeOf(await request('PATCH /admin/users/x/role', garbage))).toBe('Not authenticated');
      const { token } = await member(server);
      expect(problemOf(await request('PATCH /admin/users/x/role', { ...garbage, token }))).toEqual([
        403,
        'Admin access required',
      ]);
    });

    it('sends no challenge where a token would not help', async () => {
      const { token } = await member(server);
      for (const answer of [
        await login('{'),
        await request('GET /admin/users', { token }),
        await request('GET /posts/999999'),
      ]) {
        expect(answer.headers.has('WWW-Authenticate')).toBe(false);
      }
    });
  });

  describe('a path that no route has', () => {
    it.each(['/x', '/users/me/x', '/posts/', '/Posts', '/auth', '/admin', '/docs/x', '/openapi.yaml'])(
      'is 404: %s',
      async (path) => {
        for (const method of ['GET', 'POST', 'DELETE'])
          expect(problemOf(await request(`${method} ${path}`))).toEqual([404, 'Not found']);
      },
    );

    it('is answered with the headers of every answer', async () => {
      const { headers } = await request('GET /x');
      expect(headers.get('X-Request-Id')).toMatch(uuid);
      expect(headers.get('X-Frame-Options')).toBe('DENY');
    });
  });

  describe.each(paths)('$path', ({ path, methods }) => {
    it('answers 405 to other methods and names its own', async () => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((name) => !methods.includes(name))) {
        const answer = await request(`${method} ${path}`);
        expect(problemOf(answer)).toEqual([405, `Use one of ${answer.headers.get('Allow')}`]);
        expect(allow(answer)).toEqual(methods);
      }
    });

    it('answers OPTIONS with its methods', async () => {
      const answer = await request(`OPTIONS ${path}`);
      expect([answer.status, answer.body, allow(answer)]).toEqual([200, '', methods]);
    });
  });

  it('HEAD is answered as GET is, without the body', async () => {
    const { token } = await member(server);
    for (const path of [
      '/users/me',
      '/posts',
      '/users?limit=1',
      '/docs',
      '/openapi.json',
      '/health/live',
      '/posts/999999',
    ]) {
      const [head, whole] = [await request(`HEAD ${path}`, { token }), await request(`GET ${path}`, { token })];
      expect([head.status, head.body]).toEqual([whole.status, '']);
      for (const name of ['Content-Type', 'Content-Length', 'Link', 'Cache-Control', 'ETag']) {
        expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
      }
    }
    expectChallengeWithoutBody(await request('HEAD /users/me'));
  });

  function expectChallengeWithoutBody({ status, headers, body }: Answer): void {
    expect([status, headers.get('WWW-Authenticate'), body]).toEqual([401, 'Bearer', '']);
  }

  describe('headers', () => {
    const answers = () => [
      'GET /posts',
      'GET /users/me',
      'GET /posts/999999',
      'PUT /posts',
      'GET /docs',
      'GET /health/live',
      'OPTIONS /posts',
    ];

    it('bear an id of ours, never twice the same', async () => {
      const ids = new Set<string>();
      for (const methodAndPath of answers()) {
        const { headers } = await request(methodAndPath, { headers: { 'X-Request-Id': 'forged' } });
        expect(headers.get('X-Request-Id')).toMatch(uuid);
        ids.add(headers.get('X-Request-Id') ?? '');
      }
      expect(ids.size).toBe(answers().length);
    });

    it('keep browsers from doing harm', async () => {
      for (const methodAndPath of answers()) {
        const { headers } = await request(methodAndPath);
        expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
        expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(headers.get('X-Frame-Options')).toBe('DENY');
        expect(headers.get('Referrer-Policy')).toBe('no-referrer');
        expect(headers.has('X-Powered-By')).toBe(false);
        expect(headers.has('Server')).toBe(false);
        expect(headers.has('Set-Cookie')).toBe(false);
        // Reached by http, as PUBLIC_URL says.
        expect(headers.has('Strict-Transport-Security')).toBe(false);
      }
    });

    it('let no other origin in', async () => {
      const headers = { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST' };
      for (const methodAndPath of [...answers(), 'OPTIONS /auth/login']) {
        const answer = await request(methodAndPath, { headers });
        expect([...answer.headers.keys()].filter((name) => /^(access-control.*|vary)$/.test(name))).toEqual([]);
      }
    });
  });

  it('health is told', async () => {
    const [live, ready] = [await request('GET /health/live'), await request('GET /health/ready')];
    expect([live.status, live.body]).toEqual([200, { status: 'live' }]);
    expect([ready.status, ready.body]).toEqual([200, { status: 'ready' }]);
  });

  it('the document is served as it is made', async () => {
    const { status, headers, body } = await request('GET /openapi.json');
    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument(policy, basePath))));
  });

  it('the root leads to the docs', async () => {
    const { status, headers } = await request('GET /');
    expect([status, headers.get('Location')]).toEqual([302, `${basePath}/docs`]);
  });

  it('the docs page loads from here alone, all that it names', async () => {
    const { status, headers, body } = await request('GET /docs');
    expect([status, headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('Content-Security-Policy')).not.toMatch(/unsafe|https?:|\*/);
    expect(body).not.toMatch(/https?:/);
    const named = [...String(body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(named).toHaveLength(5);
    for (const path of named) {
      const asset = await request(`GET /${path}`);
      expect([path, asset.status, asset.headers.get('X-Content-Type-Options')]).toEqual([path, 200, 'nosniff']);
      const etag = asset.headers.get('ETag') ?? '';
      // Without the second one, `fetch` would ask that no cache be heeded.
      const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
      const again = await request(`GET /${path}`, { headers });
      expect([path, again.status, again.body]).toEqual([path, 304, '']);
    }
  });
});
