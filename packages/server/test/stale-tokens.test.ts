import { routes } from './server-routes.ts';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admin,
  linkTo,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

/** What a client may attach to every request without noticing. */
const kinds = [
  'undefined',
  'null',
  '',
  'expired',
  'of broken claims',
  'of a user who is gone',
  'of a deactivated user',
  'logged out',
] as const;

describe.each(storeOfEachAdapter)('a token that is worth nothing, on %s,', (store) => {
  let server: TestServer;
  let root: Person;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    const clock = new ManualClock();
    server = await startServer(store, { clock });
    const late = await member(server);
    // Throws unless the token is accepted now.
    await server.application.authenticate.execute({}, { accessToken: late.token });
    // Access tokens live for 30 minutes. The others are issued after that, and the clock stands still from then on.
    clock.advance(30 * 60);
    root = await admin(server);
    const [gone, idle, left] = [await member(server), await member(server), await member(server)];
    await server.request('DELETE /users/me', { token: gone.token });
    await server.request('PATCH /users/me/deactivate', { token: idle.token });
    await server.request('POST /auth/logout', { token: left.token });
    const [header, claims, signature] = root.token.split('.');
    tokens.set('expired', late.token);
    tokens.set('of broken claims', `${header}.${claims}x.${signature}`);
    tokens.set('of a user who is gone', gone.token);
    tokens.set('of a deactivated user', idle.token);
    tokens.set('logged out', left.token);
  });
  afterAll(() => server.close());

  it.each(kinds)('locks no owner out of any way back: %s', async (kind) => {
    const authorization = `Bearer ${tokens.get(kind) ?? kind}`;
    const ask = (target: string, options: object = {}) =>
      server.request(target, { ...options, headers: { authorization } });
    const email = `owner${kinds.indexOf(kind)}@example.com`;
    const credentials = { email, password: 'secret123' };

    const registered = await ask('POST /auth/register', { json: { ...credentials, name: 'Owner', age: 36 } });
    const loggedIn = await ask('POST /auth/login', { json: credentials });
    const form = { grant_type: 'password', username: email, password: credentials.password };
    const byForm = await ask('POST /auth/token', { form });
    const refreshed = await ask('POST /auth/refresh', { json: { refresh_token: loggedIn.body.refresh_token } });
    const asked = await ask('POST /auth/forgot-password', { json: { email } });
    const verified = await ask('POST /auth/verify-email', {
      json: { token: await linkTo(server, email, 'verify-email') },
    });
    const token = await linkTo(server, email, 'reset-password');
    const reset = await ask('POST /auth/reset-password', { json: { token, new_password: 'newSecret456' } });
    const revoked = await ask('POST /auth/revoke', { form: { token: byForm.body.refresh_token } });
    const statuses = [registered, loggedIn, byForm, refreshed, asked, verified, reset, revoked].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([201, 200, 200, 200, 200, 204, 204, 200]);
  });

  it.each(kinds)('reads posts as an anonymous reader does: %s', async (kind) => {
    const json = { title: 'A first post', content: 'Twenty characters or more of it.' };
    const { body: draft } = await server.request('POST /posts', { token: root.token, json });
    const { body: post } = await server.request('POST /posts', { token: root.token, json });
    await server.request(`PATCH /posts/${post.id}`, { token: root.token, json: { published: true } });
    const headers = { authorization: `Bearer ${tokens.get(kind) ?? kind}` };
    for (const target of ['GET /posts?limit=100', `GET /posts/${post.id}`, `GET /posts/${draft.id}`]) {
      const [read, anonymous] = [await server.request(target, { headers }), await server.request(target)];
      const { instance: _, ...expected } = anonymous.body;
      expect([read.status, read.body]).toMatchObject([anonymous.status, expected]);
    }
  });

  it.each(kinds)('is refused wherever a member is asked for: %s', async (kind) => {
    const headers = { authorization: `Bearer ${tokens.get(kind) ?? kind}` };
    for (const { method, path } of routes.filter(({ bearer }) => bearer === 'required')) {
      const { status } = await server.request(`${method} ${path.replace('{id}', '1')}`, { headers });
      expect(status).toBe(kind === 'of a deactivated user' ? 403 : 401);
    }
  });
});
