import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAlive, refusal, sendRequest } from './raw-socket.ts';
import { type Person, type TestServer, member, startServer } from './start-server.ts';

let server: TestServer;
let ada: Person;
beforeAll(async () => {
  server = await startServer('memory');
  ada = await member(server, 'Ada');
});
afterAll(() => server.close());
afterEach(() => expectAlive(server));

const get = (path: string, ...headers: readonly string[]) => sendRequest(server, `GET ${path} HTTP/1.1`, headers);

describe('a method', () => {
  it.each(['TRACE', 'PROPFIND', 'QUERY', 'PURGE'])('%s is not known', async (method) => {
    expect(refusal(await sendRequest(server, `${method} /posts HTTP/1.1`))).toBe(501);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])(
    '%s is refused where it has no route, with those that have one',
    async (method) => {
      const answer = await sendRequest(server, `${method} /posts HTTP/1.1`);
      expect(refusal(answer)).toBe(405);
      expect(answer.headers.get('Allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST']);
    },
  );

  it('is not to be had by another way', async () => {
    const profile = { email: 'ada@example.com' };
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const options = { token: ada.token, headers: { [name]: 'DELETE' } };
      expect((await server.request('GET /users/me', options)).body).toMatchObject(profile);
    }
    const json = { _method: 'DELETE' };
    const patched = await server.request('PATCH /users/me?_method=DELETE', { token: ada.token, json });
    expect([patched.status, patched.body]).toEqual([200, expect.objectContaining(profile)]);
    expect((await server.request('GET /users/me', { token: ada.token })).status).toBe(200);
  });
});

describe('a path', () => {
  it.each([
    '//posts',
    '/posts/',
    '/Posts',
    '/%70osts',
    '/posts%2f1',
    '/posts%00',
    '/posts;a=b',
    '/posts/1/',
    '/posts//1',
    '/posts\\1',
    '/users/../posts',
    '/users/%2e%2e/posts',
    '/../posts',
    '/./posts',
    '/%',
    '/%ff',
    '/%c0%af',
    '/docs/',
    '/docs/../package.json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/__proto__',
    '/__proto__',
    '/constructor',
    '*',
    'http://evil.example/x',
  ])('%s leads nowhere', async (path) => {
    expect(refusal(await get(path))).toBe(404);
  });

  it.each(['/posts/1%', '/posts/%ff', '/posts/%00', '/posts/..', '/posts/1%2f1', '/posts/1%2f', '/posts/%E0%A4%A'])(
    '%s holds no id',
    async (path) => {
      expect(refusal(await get(path))).toBe(422);
    },
  );

  it.each(['/users/ME', '/users/%6De', '/users/me/', '/users/me%20', '/users//me', '/Users/me', '/users/me%00'])(
    '%s is no other name for oneself',
    async (path) => {
      expect([404, 422]).toContain(refusal(await get(path, `Authorization: Bearer ${ada.token}`)));
    },
  );

  it('repeats nothing of a query but what the route knows', async () => {
    const json = { title: 'A first post', content: 'Twenty characters or more of it.' };
    for (const title of ['First', 'Second']) {
      await server.request('POST /posts', { token: ada.token, json: { ...json, title } });
    }
    const query = `limit=1&skip=0&access_token=${ada.token}&password=secret123&skip[]=1`;
    const answer = await get(`/posts/my?${query}`, `Authorization: Bearer ${ada.token}`);
    expect([answer.status, answer.headers.get('Link')]).toEqual([
      200,
      expect.stringMatching(/^<\/posts\/my\?limit=1&after=\d+>; rel="next"$/),
    ]);
  });

  it('is all that counts of a target with a host, however that is spelled', async () => {
    const warned: Error[] = [];
    const listen = (warning: Error) => void warned.push(warning);
    process.on('warning', listen);
    for (const host of ['[::1', 'evil.ex:le', 'evil:99999', 'a b@c'.replace(' ', '%20'), '']) {
      expect((await get(`http://${host}/posts`)).status, host).toBe(200);
    }
    process.off('warning', listen);
    expect(warned).toEqual([]);
  });

  it.each(['http://evil.example/posts', 'ftp://evil.example/posts', '/posts#fragment', '/posts?a=%&%ff&=&&['])(
    '%s is the one route',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('Link') ?? '').not.toContain('evil');
    },
  );
});
