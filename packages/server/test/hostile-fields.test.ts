import type { Route } from '@sallyport/http-api';
import { routes } from './server-routes.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acceptedBy,
  fieldsOf,
  idRoutes,
  jsonRoutes,
  nameOf,
  queryRoutes,
  readsBody,
  type Scene,
  setScene,
} from './hostile-routes.ts';
import { privileges, wrongIds, wrongText } from './hostile-values.ts';
import { member, sessionOf, storeOfEachAdapter } from './start-server.ts';

type Row = Record<string, unknown>;

/** What differs between two rows that were made alike. */
const unlike = ['id', 'email', 'created_at', 'access_token', 'refresh_token'];
const alike = (row: Row) => Object.fromEntries(Object.entries(row ?? {}).filter(([key]) => !unlike.includes(key)));

const behind = (before: readonly Row[], after: readonly Row[]) =>
  after.filter(({ id }) => !before.some((row) => row['id'] === id)).map(alike);

const others = (rows: readonly Row[], ids: readonly unknown[]) => rows.filter(({ id }) => ids.includes(id));

it('only routes of admins take a field that grants something', () => {
  const grants = ['id', 'role', 'is_active', 'email_verified', 'author_id', 'user_id', 'created_at', 'password_hash'];
  const granting = jsonRoutes.filter((route) => fieldsOf(route).some(({ name }) => grants.includes(name)));
  expect(granting.map((route) => [nameOf(route), route.who])).toEqual([
    ['POST /admin/users', 'admin'],
    ['PATCH /admin/users/{id}', 'admin'],
    ['PATCH /admin/users/{id}/role', 'admin'],
  ]);
});

describe.each(storeOfEachAdapter)('on %s', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene(store);
  });
  afterAll(() => scene.server.close());

  const unknownTo = (route: (typeof routes)[number]) => {
    const known = fieldsOf(route).map(({ name }) => name);
    return Object.entries(privileges).filter(([name]) => !known.includes(name));
  };
  const queryOf = (fields: readonly (readonly [string, unknown])[]) =>
    `?${fields.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`;

  const takesToken = (route: Route) => fieldsOf(route).some(({ name }) => name.endsWith('token'));
  const byToken = jsonRoutes.filter(takesToken);
  it.each(jsonRoutes.filter((route) => !takesToken(route)).map((route) => [nameOf(route), route] as const))(
    'fields that do not belong do nothing to %s',
    async (_, route) => {
      const start = await scene.snapshot();
      const plain = await scene.send(route, { body: JSON.stringify(acceptedBy(route)) });
      expect(plain.status).toBe(route.status);
      const before = await scene.snapshot();

      const unknown = unknownTo(route);
      const body = JSON.stringify({ ...Object.fromEntries(unknown), ...acceptedBy(route, 1) });
      const answer = await scene.send(route, { body, query: queryOf(Object.entries(privileges)) });
      const after = await scene.snapshot();

      expect([answer.status, alike(answer.body)]).toEqual([route.status, alike(plain.body)]);
      expect(answer.body.id).not.toBe(privileges.id);
      for (const kind of ['users', 'posts'] as const) {
        expect(behind(before[kind], after[kind])).toEqual(behind(start[kind], before[kind]));
        const ids = before[kind].map(({ id }) => id);
        expect(others(after[kind], ids)).toEqual(before[kind]);
      }
      expect({}).not.toHaveProperty('role');
    },
  );

  it.each(byToken.map((route) => [nameOf(route), route] as const))(
    'fields that do not belong do nothing to %s, of whose token the holder alone is meant',
    async (_, route) => {
      const { server, ada } = scene;
      const { id, email, refreshToken, token: bearer } = await member(server, `Holder${byToken.indexOf(route)}`);
      await server.request('POST /auth/forgot-password', { json: { email } });
      await server.sendMails();
      const kind = route.path === '/auth/reset-password' ? 'reset-password' : 'verify-email';
      const token = server.mailbox.tokenFor(email, kind);
      const before = await scene.snapshot();

      const aimed = {
        ...privileges,
        id: ada.id,
        user_id: ada.id,
        session_id: sessionOf(ada.token),
        username: ada.email,
      };
      const json = { ...aimed, ...acceptedBy(route), token, refresh_token: refreshToken };
      const { status, body } = await server.request(`${nameOf(route)}${queryOf(Object.entries(aimed))}`, { json });
      expect([status, body.user?.id ?? id]).toEqual([route.status, id]);

      const after = await scene.snapshot();
      const proven = { email_verified: route.path !== '/auth/refresh' };
      expect(after.users).toEqual(before.users.map((user) => (user['id'] === id ? { ...user, ...proven } : user)));
      expect(after.posts).toEqual(before.posts);
      const { status: own } = await server.request('GET /users/me', { token: bearer });
      expect(own).toBe(route.path === '/auth/reset-password' ? 401 : 200);
    },
  );

  const withoutInput = routes.filter((route) => fieldsOf(route).length === 0 && route.who === 'member');
  it.each(withoutInput.map((route) => [nameOf(route), route] as const))(
    'fields that do not belong aim %s at no other account (CVE-2025-61928)',
    async (_, route) => {
      const { id, token } = await member(scene.server, `Thrown${withoutInput.indexOf(route)}`);
      const before = await scene.snapshot();
      const aimed = { ...privileges, id: scene.ada.id, user_id: scene.ada.id, session_id: 'x' };
      const body = route.method === 'GET' ? undefined : JSON.stringify(aimed);
      const query = queryOf(Object.entries(aimed));
      const target = { '/posts/{id}': '999999', '/users/me/sessions/{id}': sessionOf(token) }[route.path];
      const shot = { token, query, body, ...(target !== undefined && { id: target }) };
      const { status } = await scene.send(route, shot);
      expect([route.status, 404]).toContain(status);

      const after = await scene.snapshot();
      const everybodyElse = (rows: readonly Row[]) => rows.filter((row) => row['id'] !== id);
      expect(everybodyElse(after.users)).toEqual(everybodyElse(before.users));
      expect(after.posts).toEqual(before.posts);
      for (const user of others(after.users, [id])) expect(user).toMatchObject({ role: 'user', email_verified: false });
    },
  );

  it.each(queryRoutes.map((route) => [nameOf(route), route] as const))(
    'fields that do not belong filter nothing out of %s',
    async (_, route) => {
      const plain = await scene.send(route);
      const answer = await scene.send(route, { query: queryOf(unknownTo(route)) });
      expect([answer.status, answer.body]).toEqual([200, plain.body]);
    },
  );

  it.each(idRoutes.map((route) => [nameOf(route), route] as const))('hostile text is no id to %s', async (_, route) => {
    const before = await scene.snapshot();
    const body = readsBody(route) ? JSON.stringify(acceptedBy(route)) : undefined;
    for (const id of wrongIds) {
      const answer = await scene.send(route, { id, body });
      expect([answer.status, answer.body.errors], id).toEqual([422, [{ pointer: '/id', detail: expect.any(String) }]]);
    }
    const unknown = route.path.includes('/sessions/{id}') ? ['A'.repeat(22)] : ['999999999999999', '2147483648'];
    for (const id of unknown) {
      expect((await scene.send(route, { id, body })).status, id).toBe(404);
    }
    expect(await scene.snapshot()).toEqual(before);
  });

  it.each(queryRoutes.map((route) => [nameOf(route), route] as const))(
    'hostile text asks nothing of %s',
    async (_, route) => {
      const beyond = { skip: ['10001'], limit: ['0', '101'], after: ['0'] };
      for (const { name, type } of fieldsOf(route)) {
        const values = [...wrongText[type], ...(beyond[name as keyof typeof beyond] ?? [])];
        const twice = { string: 'a', number: '1', boolean: 'true', picklist: 'user' }[type];
        const repeated = `?${name}=${twice}&${name}=${twice}`;
        for (const query of [...values.map((value) => `?${name}=${value}`), repeated]) {
          const { status, body } = await scene.send(route, { query });
          const words = query === repeated ? /^Must be given once$/ : /./;
          const issue = { pointer: `/${name}`, detail: expect.stringMatching(words) };
          expect([status, body.errors], query).toEqual([422, [issue]]);
        }
      }
    },
  );

  it.each(queryRoutes.map((route) => [nameOf(route), route] as const))(
    'the far end of %s can be asked for',
    async (_, route) => {
      const isOfSessions = route.path.endsWith('/sessions');
      const [last, first] = isOfSessions ? ['z'.repeat(22), 'A'.repeat(22)] : ['999999999999999', '1'];
      for (const query of ['?skip=10000&limit=100', `?after=${last}&limit=1`, `?skip=0&limit=1&after=${first}`]) {
        expect((await scene.send(route, { query })).status, query).toBe(200);
      }
    },
  );

  it('hostile text is searched for as it stands', async () => {
    for (const search of ['%25', '_', '%5C', '%5C%25', "'", "'%20or%20''='", '%22', '%ff', '.*', '$1']) {
      const options = { token: scene.root.token };
      const { status, body } = await scene.server.request(`GET /admin/users?search=${search}`, options);
      expect([status, body], search).toEqual([200, []]);
    }
  });
});
