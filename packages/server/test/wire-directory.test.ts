import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextOf } from './next-page.ts';
import { invalidOf, problemOf } from './problem.ts';
import { admin, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const idsOf = (body: readonly { id: number }[]) => body.map(({ id }) => id);

describe.each(stores)('the directory of %s', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const as = ({ token }: Person, methodAndPath: string, json?: unknown) =>
    server.request(methodAndPath, { token, json });
  const me = (person: Person) => as(person, 'GET /users/me');

  describe('GET /users/{id}', () => {
    it('answers 200 with another user', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const { status, body, headers } = await as(bob, `GET /users/${ada.id}`);
      expect([status, body]).toEqual([200, (await me(ada)).body]);
      expect(headers.get('Cache-Control')).toBe('no-store');
    });

    it('answers 404 where there is none, or an inactive one, but for admins', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      await as(ada, 'PATCH /users/me/deactivate');
      expect(problemOf(await as(bob, `GET /users/${ada.id}`))).toEqual([404, 'User not found']);
      expect(problemOf(await as(bob, 'GET /users/999999999999999'))).toEqual([404, 'User not found']);
      expect((await as(root, `GET /users/${ada.id}`)).body).toMatchObject({ id: ada.id, is_active: false });
    });

    it.each(['0', '01', '-1', '1.0', '1e3', '+1', '%201', 'x', '1000000000000000', 'Me'])(
      'answers 422 to the id %s',
      async (id) => {
        const { status, body } = await as(root, `GET /users/${id}`);
        expect([status, body.errors]).toEqual([422, [{ pointer: '/id', detail: expect.any(String) }]]);
      },
    );
  });

  describe('GET /users', () => {
    it('answers 200 with the active ones, each once, by id', async () => {
      const [ada, bob, idle] = [await member(server), await member(server), await member(server)];
      await as(idle, 'PATCH /users/me/deactivate');
      for (const caller of [ada, root]) {
        const { status, body } = await as(caller, 'GET /users?limit=100');
        const ids = idsOf(body);
        expect(status).toBe(200);
        expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
        expect(ids).toEqual(expect.arrayContaining([ada.id, bob.id, root.id]));
        expect(ids).not.toContain(idle.id);
        expect(body).toContainEqual((await me(ada)).body);
      }
    });

    it('is ten long where nothing else is said, and links to what follows', async () => {
      const ada = await member(server);
      for (let count = 0; count < 10; count += 1) await member(server);
      const all = idsOf((await as(ada, 'GET /users?limit=100')).body);
      const first = await as(ada, 'GET /users');
      expect(idsOf(first.body)).toEqual(all.slice(0, 10));
      expect(nextOf(first)).toBe(`/users?after=${all[9]}`);

      const skipped = await as(ada, 'GET /users?skip=2&limit=3');
      expect(idsOf(skipped.body)).toEqual(all.slice(2, 5));
      expect(nextOf(skipped)).toBe(`/users?limit=3&after=${all[4]}`);
      const next = await as(ada, `GET /users?limit=3&after=${all[4]}`);
      expect(idsOf(next.body)).toEqual(all.slice(5, 8));

      const last = await as(ada, `GET /users?limit=100&after=${all.at(-2)}`);
      expect([idsOf(last.body), last.headers.has('Link')]).toEqual([all.slice(-1), false]);
      expect((await as(ada, 'GET /users?skip=10000')).body).toEqual([]);
    });

    it('repeats in that link nothing that it does not know: a token may stand there', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const page = await as(ada, `GET /users?access_token=${bob.token}&limit=1&__proto__=x&limit_=2`);
      expect(nextOf(page)).toMatch(/^\/users\?limit=1&after=\d+$/);
    });

    it.each([
      ['skip=-1', '/skip', 'Must be at least 0'],
      ['skip=10001', '/skip', 'Must be at most 10000'],
      ['limit=0', '/limit', 'Must be at least 1'],
      ['limit=101', '/limit', 'Must be at most 100'],
      ['limit=ten', '/limit', 'Must be a number'],
      ['limit=', '/limit', 'Must be a number'],
      ['limit=1&limit=2', '/limit', 'Must be given once'],
      ['after=0', '/after', 'Must be at least 1'],
      ['after=01', '/after', 'Must be a number'],
    ])('answers 422 to ?%s', async (query, pointer, detail) => {
      expect(invalidOf(await as(root, `GET /users?${query}`))).toEqual({ [pointer]: detail });
    });
  });
});

describe('a directory for admins', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer('memory', { environment: { USER_DIRECTORY: 'admins' } });
  });
  afterAll(() => server.close());

  it('is closed to members, other users too, but not their own account', async () => {
    const [root, ada] = [await admin(server), await member(server)];
    for (const path of ['/users', `/users/${root.id}`, `/users/${ada.id}`, '/users/999', '/users?limit=x']) {
      expect(problemOf(await server.request(`GET ${path}`, { token: ada.token }))).toEqual([
        403,
        'Admin access required',
      ]);
    }
    expect((await server.request('GET /users/me', { token: ada.token })).status).toBe(200);
    expect(idsOf((await server.request('GET /users', { token: root.token })).body)).toEqual([root.id, ada.id]);
    expect((await server.request(`GET /users/${ada.id}`, { token: root.token })).body.id).toBe(ada.id);
  });
});
