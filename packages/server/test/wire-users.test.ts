import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import { admin, login, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const draft = { title: 'A first post', content: 'Twenty characters or more of it.' };

describe.each(stores)('the users of %s', (store) => {
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

  describe('GET /users/me', () => {
    it('answers 200 with the caller, to keep to oneself', async () => {
      const ada = await member(server);
      const { status, headers, body } = await me(ada);
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        id: ada.id,
        name: expect.any(String),
        email: ada.email,
        age: 36,
        city: 'Unknown',
        role: 'user',
        is_active: true,
        email_verified: false,
        created_at: expect.any(String),
      });
    });
  });

  describe('PATCH /users/me', () => {
    it('answers 200 with the user as they are then', async () => {
      const ada = await member(server);
      const before = (await me(ada)).body;
      const renamed = await as(ada, 'PATCH /users/me', { name: ' Ada King ' });
      expect([renamed.status, renamed.body]).toEqual([200, { ...before, name: 'Ada King' }]);
      const moved = await as(ada, 'PATCH /users/me', { age: 37, city: 'London' });
      expect(moved.body).toEqual({ ...before, name: 'Ada King', age: 37, city: 'London' });
      expect((await me(ada)).body).toEqual(moved.body);
    });

    it('changes nothing for null, nor for fields it does not know', async () => {
      const ada = await member(server);
      const before = (await me(ada)).body;
      const others = { role: 'admin', email: 'x@example.com', password: 'x', is_active: false, id: 1, isActive: false };
      for (const json of [{}, { name: null, age: null, city: null }, others, undefined]) {
        const { status, body } = await as(ada, 'PATCH /users/me', json);
        expect([status, body]).toEqual([200, before]);
      }
      await login(server, ada.email, ada.password);
    });

    it('keeps both of two changes of different fields that are made at once', async () => {
      const ada = await member(server);
      for (const [age, city] of [
        [40, 'Ockham'],
        [41, 'Turin'],
      ] as const) {
        await Promise.all([as(ada, 'PATCH /users/me', { age }), as(ada, 'PATCH /users/me', { city })]);
        expect((await me(ada)).body).toMatchObject({ age, city });
      }
    });

    it.each([
      [{ age: 151 }, '/age', 'Must be at most 150'],
      [{ age: -1 }, '/age', 'Must be at least 0'],
      [{ age: 1.5 }, '/age', 'Must be a whole number'],
      [{ city: 'x'.repeat(51) }, '/city', 'Must be at most 50 characters'],
      [{ city: ['London'] }, '/city', 'Must be a string'],
      [{ city: 'Lon\0don' }, '/city', 'Must be well-formed Unicode without NUL'],
    ])('points to the field of the profile in %j', async (json, pointer, detail) => {
      const ada = await member(server);
      expect(invalidOf(await as(ada, 'PATCH /users/me', json))).toEqual({ [pointer]: detail });
      const registration = { name: 'Ada', email: 'unregistered@example.com', password: 'secret123', age: 36, ...json };
      expect(invalidOf(await server.request('POST /auth/register', { json: registration }))).toEqual({
        [pointer]: detail,
      });
    });

    it('takes the profile from the fields beside the others alone', async () => {
      const ada = await member(server);
      const before = (await me(ada)).body;
      for (const json of [{ profile: { age: 40 } }, { profile: { city: 7 } }, { 'profile.age': 40 }]) {
        const { status, body } = await as(ada, 'PATCH /users/me', json);
        expect([status, body]).toEqual([200, before]);
      }
    });

    it('refuses what breaks a rule and changes nothing of the rest', async () => {
      const ada = await member(server);
      expect(invalidOf(await as(ada, 'PATCH /users/me', { name: 'A', age: '37', city: 'London' }))).toEqual({
        '/name': 'Must be at least 2 characters',
        '/age': 'Must be a number',
      });
      expect((await me(ada)).body.city).toBe('Unknown');
    });
  });

  describe('DELETE /users/me', () => {
    it('answers 204 and leaves nothing behind, posts neither', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const { id } = (await as(ada, 'POST /posts', draft)).body;
      await as(ada, `PATCH /posts/${id}`, { published: true });
      const { status, body, headers } = await as(ada, 'DELETE /users/me');
      expect([status, body, headers.get('Cache-Control')]).toEqual([204, '', 'no-store']);

      expect(challengeOf(await me(ada))).toBe('User no longer exists');
      expect(challengeOf(await as(ada, 'DELETE /users/me'))).toBe('User no longer exists');
      expect(problemOf(await as(bob, `GET /users/${ada.id}`))).toEqual([404, 'User not found']);
      expect(problemOf(await as(bob, `GET /posts/${id}`))).toEqual([404, 'Post not found']);
      const { email, password } = ada;
      expect(problemOf(await server.request('POST /auth/login', { json: { email, password } }))).toEqual([
        401,
        'Invalid email or password',
      ]);
      const again = await server.request('POST /auth/register', { json: { name: 'Ada', email, password, age: 36 } });
      expect(again.status).toBe(201);
      expect(again.body.id).not.toBe(ada.id);
      expect(challengeOf(await me(ada))).toBe('User no longer exists');
    });
  });

  describe('PATCH /users/me/password', () => {
    const change = (person: Person, current: unknown, wanted: unknown) =>
      as(person, 'PATCH /users/me/password', { current_password: current, new_password: wanted });

    it('answers 200 with a new grant and ends every earlier session, including the current one', async () => {
      const ada = await member(server);
      const other = await login(server, ada.email, ada.password);
      const before = (await me(ada)).body;
      const { status, body, headers } = await change(ada, 'secret123', 'newSecret456');
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 1800,
        refresh_token: expect.any(String),
        user: before,
      });
      expect((await me({ ...ada, token: body.access_token })).body).toEqual(before);
      for (const token of [ada.token, other]) {
        expect(challengeOf(await me({ ...ada, token }))).toBe('Invalid or expired token');
      }
      const refresh = (refreshToken: string) =>
        server.request('POST /auth/refresh', { json: { refresh_token: refreshToken } });
      expect((await refresh(ada.refreshToken)).status).toBe(401);
      expect((await refresh(body.refresh_token)).status).toBe(200);
      await expect(login(server, ada.email, 'secret123')).rejects.toThrow('401');
      await login(server, ada.email, 'newSecret456');
    });

    it('answers 400 to a wrong current password', async () => {
      const ada = await member(server);
      for (const wrong of ['secret124', '']) {
        expect(problemOf(await change(ada, wrong, 'newSecret456'))).toEqual([400, 'Current password is incorrect']);
      }
      await login(server, ada.email, ada.password);
    });

    it('answers 422 to a new one that breaks a rule, before it looks at the current one', async () => {
      const ada = await member(server);
      for (const [wanted, detail] of [
        ['12345678', 'Password cannot be only numbers'],
        ['onlyletters', 'Password must include at least one number'],
        ['short1', 'Must be at least 8 characters'],
        [ada.email, 'Password cannot be the e-mail address'],
        ['password1', 'Password is among the most common ones'],
      ] as const) {
        expect(invalidOf(await change(ada, 'wrong', wanted))).toEqual({ '/new_password': detail });
      }
      expect(invalidOf(await as(ada, 'PATCH /users/me/password', { currentPassword: 'x', newPassword: 'y' }))).toEqual({
        '/current_password': 'Field required',
        '/new_password': 'Field required',
      });
    });
  });

  describe('PATCH /users/me/deactivate', () => {
    it('answers 200 with the user and shuts every door', async () => {
      const ada = await member(server);
      const other = await login(server, ada.email, ada.password);
      const before = (await me(ada)).body;
      const { status, body } = await as(ada, 'PATCH /users/me/deactivate');
      expect([status, body]).toEqual([200, { ...before, is_active: false }]);
      for (const token of [ada.token, other]) {
        expect(problemOf(await me({ ...ada, token }))).toEqual([403, 'Account is deactivated']);
        expect((await server.request('GET /posts', { token })).status).toBe(200);
      }
      await expect(login(server, ada.email, ada.password)).rejects.toThrow('403');
    });

    it('lasts until an admin ends it, and no session is back then', async () => {
      const ada = await member(server);
      await as(ada, 'PATCH /users/me/deactivate');
      await as(root, `PATCH /admin/users/${ada.id}/activate`);
      expect(challengeOf(await me(ada))).toBe('Invalid or expired token');
      await login(server, ada.email, ada.password);
    });
  });

  it('keep their last active admin', async () => {
    for (const methodAndPath of ['DELETE /users/me', 'PATCH /users/me/deactivate']) {
      expect(problemOf(await as(root, methodAndPath))).toEqual([409, 'The last active admin cannot be removed']);
    }
    expect((await me(root)).body).toMatchObject({ role: 'admin', is_active: true });
  });
});
