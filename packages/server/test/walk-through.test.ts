import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, login, startServer, stores, type TestServer } from './start-server.ts';

describe.each(stores)("the tutorial's walk-through on %s", (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store, { realHashes: true });
  });
  afterAll(() => server.close());

  it('works word for word', async () => {
    const { request } = server;
    const credentials = { email: 'ada@example.com', password: 'secret123' };
    const profile = { name: 'Ada Lovelace', email: 'ada@example.com', age: 36, city: 'London' };

    const registered = await request('POST /auth/register', { json: { ...profile, password: 'secret123' } });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      ...profile,
      id: registered.body.id,
      role: 'user',
      is_active: true,
      email_verified: false,
      created_at: registered.body.created_at,
    });

    const loggedIn = await request('POST /auth/login', { json: credentials });
    expect(loggedIn.status).toBe(200);
    const { access_token: token, ...rest } = loggedIn.body;
    expect(rest).toEqual({
      token_type: 'bearer',
      expires_in: 1800,
      refresh_token: rest.refresh_token,
      user: registered.body,
    });

    const form = await request('POST /auth/token', { form: { username: credentials.email, password: 'secret123' } });
    expect(form.body).toEqual({
      access_token: form.body.access_token,
      token_type: 'bearer',
      expires_in: 1800,
      refresh_token: form.body.refresh_token,
    });
    expect((await request('GET /users/me', { token: form.body.access_token })).body).toEqual(registered.body);

    const text = { title: 'Notes on the engine', content: 'It weaves algebraical patterns.' };
    const post = await request('POST /posts', { token, json: text });
    expect([post.status, post.body.title, post.body.author_id]).toEqual([201, text.title, registered.body.id]);
    const edited = await request(`PATCH /posts/${post.body.id}`, { token, json: { published: true } });
    expect([edited.status, edited.body]).toEqual([200, { ...post.body, published: true }]);

    const passwords = { current_password: 'secret123', new_password: 'newSecret456' };
    const changed = await request('PATCH /users/me/password', { token, json: passwords });
    expect([changed.status, Object.keys(changed.body)]).toEqual([200, Object.keys(loggedIn.body)]);
    expect((await request('GET /users/me', { token })).status).toBe(401);
    expect((await request('POST /auth/login', { json: credentials })).status).toBe(401);
    await login(server, credentials.email, 'newSecret456');

    const { access_token: renewed } = changed.body;
    const deactivated = await request('PATCH /users/me/deactivate', { token: renewed });
    expect([deactivated.status, deactivated.body.is_active]).toEqual([200, false]);
    expect((await request('GET /users/me', { token: renewed })).body.detail).toBe('Account is deactivated');

    const root = await admin(server);
    const listed = await request('GET /admin/users', { token: root.token });
    expect(listed.body.map(({ email, is_active }: any) => [email, is_active])).toEqual([
      ['ada@example.com', false],
      [root.email, true],
    ]);
    const activated = await request(`PATCH /admin/users/${registered.body.id}/activate`, { token: root.token });
    expect([activated.status, activated.body]).toEqual([200, registered.body]);
    expect((await request(`DELETE /admin/users/${registered.body.id}`, { token: root.token })).status).toBe(204);
    expect((await request(`GET /posts/${post.body.id}`)).status).toBe(404);
  });
});
