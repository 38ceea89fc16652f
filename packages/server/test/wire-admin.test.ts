import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import {
  admin,
  anotherAdmin,
  login,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

const lastAdmin = 'The last active admin cannot be removed';

describe.each(storeOfEachAdapter)('the administration of %s', (store) => {
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

  it('keeps its last active admin', async () => {
    const path = `/admin/users/${root.id}`;
    expect(problemOf(await as(root, `DELETE ${path}`))).toEqual([409, lastAdmin]);
    expect(problemOf(await as(root, `PATCH ${path}/deactivate`))).toEqual([409, lastAdmin]);
    expect(problemOf(await as(root, `PATCH ${path}/role`, { role: 'user' }))).toEqual([409, lastAdmin]);
    expect((await as(root, `PATCH ${path}/role`, { role: 'admin' })).status).toBe(200);
    expect((await me(root)).body).toMatchObject({ role: 'admin', is_active: true });
  });

  it('keeps one of two admins who demote each other at once', async () => {
    const other = await anotherAdmin(server, root);
    const demote = (by: Person, target: Person) => as(by, `PATCH /admin/users/${target.id}/role`, { role: 'user' });
    const answers = await Promise.all([demote(root, other), demote(other, root)]);
    const statuses = answers.map(({ status }) => status);
    // The one who came later is a member by then, or the last admin.
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect([403, 409]).toContain(statuses.find((status) => status !== 200));
    const profiles = [(await me(root)).body, (await me(other)).body];
    expect(new Set(profiles.map(({ role }) => role))).toEqual(new Set(['admin', 'user']));
    const [winner, loser] = profiles[0].role === 'admin' ? [root, other] : [other, root];
    await as(winner, `PATCH /admin/users/${loser.id}/role`, { role: 'admin' });
    await as(root, `PATCH /admin/users/${other.id}/role`, { role: 'user' });
  });

  it('is for admins', async () => {
    const ada = await member(server);
    for (const methodAndPath of ['GET /admin/users', `GET /admin/users/${ada.id}`, `DELETE /admin/users/${ada.id}`]) {
      expect(problemOf(await as(ada, methodAndPath))).toEqual([403, 'Admin access required']);
      expect(challengeOf(await server.request(methodAndPath))).toBe('Not authenticated');
    }
  });

  it('reads one user, one out of use too', async () => {
    const ada = await member(server);
    const profile = (await me(ada)).body;
    expect((await as(root, `GET /admin/users/${ada.id}`)).body).toEqual(profile);
    await as(ada, 'PATCH /users/me/deactivate');
    const { status, body } = await as(root, `GET /admin/users/${ada.id}`);
    expect([status, body]).toEqual([200, { ...profile, is_active: false }]);
  });

  it('deletes a user with 204, their posts too', async () => {
    const ada = await member(server);
    const post = await as(ada, 'POST /posts', { title: 'A first post', content: 'Twenty characters or more of it.' });
    const { status, body } = await as(root, `DELETE /admin/users/${ada.id}`);
    expect([status, body]).toEqual([204, '']);
    expect(challengeOf(await me(ada))).toBe('User no longer exists');
    expect(problemOf(await as(root, `GET /posts/${post.body.id}`))).toEqual([404, 'Post not found']);
    expect(problemOf(await as(root, `DELETE /admin/users/${ada.id}`))).toEqual([404, 'User not found']);
  });

  it('deactivates and activates a user with 200, as often as one likes', async () => {
    const ada = await member(server);
    const profile = (await me(ada)).body;
    for (let times = 0; times < 2; times += 1) {
      const off = await as(root, `PATCH /admin/users/${ada.id}/deactivate`);
      expect([off.status, off.body]).toEqual([200, { ...profile, is_active: false }]);
      expect(problemOf(await me(ada))).toEqual([403, 'Account is deactivated']);
    }
    for (let times = 0; times < 2; times += 1) {
      const on = await as(root, `PATCH /admin/users/${ada.id}/activate`);
      expect([on.status, on.body]).toEqual([200, profile]);
    }
    expect(challengeOf(await me(ada))).toBe('Invalid or expired token');
    expect((await me({ ...ada, token: await login(server, ada.email, ada.password) })).body).toEqual(profile);
  });

  it('gives a role with 200, which counts at the next request of a token that is out', async () => {
    const ada = await member(server);
    const profile = (await me(ada)).body;
    const raised = await as(root, `PATCH /admin/users/${ada.id}/role`, { role: 'admin' });
    expect([raised.status, raised.body]).toEqual([200, { ...profile, role: 'admin' }]);
    expect((await as(ada, 'GET /admin/users')).status).toBe(200);
    const lowered = await as(root, `PATCH /admin/users/${ada.id}/role`, { role: 'user' });
    expect(lowered.body).toEqual(profile);
    expect(problemOf(await as(ada, 'GET /admin/users'))).toEqual([403, 'Admin access required']);
  });

  it('knows two roles', async () => {
    const ada = await member(server);
    for (const role of ['root', 'Admin', '', null, 1, ['admin']]) {
      const answer = await as(root, `PATCH /admin/users/${ada.id}/role`, { role });
      expect(invalidOf(answer)).toEqual({ '/role': 'Must be one of "user" | "admin"' });
    }
    expect(invalidOf(await as(root, `PATCH /admin/users/${ada.id}/role`))).toEqual({ '/role': 'Field required' });
    // Only the path names the subject.
    const { body } = await as(root, `PATCH /admin/users/${ada.id}/role`, { id: root.id, role: 'user' });
    expect(body.id).toBe(ada.id);
  });

  it.each([
    'GET /admin/users/{id}',
    'DELETE /admin/users/{id}',
    'PATCH /admin/users/{id}/activate',
    'PATCH /admin/users/{id}/deactivate',
    'PATCH /admin/users/{id}/role',
  ])('%s answers 404 to an unknown id, and 422 to a malformed one', async (route) => {
    const json = route.endsWith('/role') ? { role: 'user' } : undefined;
    expect(problemOf(await as(root, route.replace('{id}', '999999999999999'), json))).toEqual([404, 'User not found']);
    for (const id of ['0', '01', 'x', '1000000000000000']) {
      const { status, body } = await as(root, route.replace('{id}', id), json);
      expect([status, body.errors]).toEqual([422, [{ pointer: '/id', detail: expect.any(String) }]]);
    }
  });
});
