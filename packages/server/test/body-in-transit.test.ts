import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Route } from '@sallyport/http-api';
import { routes } from './server-routes.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notes } from '../../../test/secrecy.mjs';
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
import { sampleInput } from './sample-input.ts';

/** A request whose last byte has not been sent yet. */
interface InTransit {
  /** Sends it, and returns status and body. */
  finish(): Promise<readonly [number, any]>;
  /** The status and body that come without it. */
  answer(): Promise<readonly [number, any]>;
}

/** Sends a request but for the last byte of its body, and waits until the server has read the headers. */
async function begin(
  { url }: TestServer,
  target: string,
  token: string,
  fields: object,
  style: Route['style'] = 'api',
): Promise<InTransit> {
  const [method, path] = target.split(' ');
  const isForm = style === 'oauth';
  const body = isForm ? new URLSearchParams(fields as Record<string, string>).toString() : JSON.stringify(fields);
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  await once(socket, 'connect');
  notes.credentials(token);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: sallyport.test',
    `Authorization: Bearer ${token}`,
    `Content-Type: application/${isForm ? 'x-www-form-urlencoded' : 'json'}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    // The server asks for the body once it has dealt with the headers.
    'Expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
  const closed = once(socket, 'close');
  const answer = async () => {
    await closed;
    const [, status = '0'] = /HTTP\/1\.1 (?!100)(\d{3})/.exec(received) ?? [];
    const [, text = ''] = /\r\n\r\n(\{[^]*)$/.exec(received) ?? [];
    return [Number(status), text === '' ? undefined : JSON.parse(text)] as const;
  };
  return {
    answer,
    finish() {
      socket.write(body.slice(-1));
      return answer();
    },
  };
}

describe.each(storeOfEachAdapter)('a body still in transit, on %s,', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const asRoot = (target: string, json?: object) => server.request(target, { token: root.token, json });
  /** Another request over a connection of its own has been answered: the server has read what came before. */
  const settled = () => server.request('GET /health/live');
  const post = { title: 'A first post', content: 'Twenty characters or more of it.' };

  it('does not promote an admin who was demoted meanwhile', async () => {
    const rival = await anotherAdmin(server, root);
    const transit = await begin(server, `PATCH /admin/users/${rival.id}/role`, rival.token, { role: 'admin' });
    await settled();
    await asRoot(`PATCH /admin/users/${rival.id}/role`, { role: 'user' });
    expect(await transit.finish()).toMatchObject([403, { detail: 'Admin access required' }]);
    expect((await asRoot(`GET /admin/users/${rival.id}`)).body.role).toBe('user');
  });

  it('promotes no accomplice for an admin who was deleted meanwhile', async () => {
    const [rival, accomplice] = [await anotherAdmin(server, root), await member(server)];
    const transit = await begin(server, `PATCH /admin/users/${accomplice.id}/role`, rival.token, { role: 'admin' });
    await settled();
    await asRoot(`DELETE /admin/users/${rival.id}`);
    expect(await transit.finish()).toMatchObject([401, { detail: 'User no longer exists' }]);
    expect((await asRoot(`GET /admin/users/${accomplice.id}`)).body.role).toBe('user');
  });

  it('makes no post for a member who was deactivated meanwhile', async () => {
    const ada = await member(server);
    const transit = await begin(server, 'POST /posts', ada.token, post);
    await settled();
    await asRoot(`PATCH /admin/users/${ada.id}/deactivate`);
    expect(await transit.finish()).toMatchObject([403, { detail: 'Account is deactivated' }]);
    await asRoot(`PATCH /admin/users/${ada.id}/activate`);
    const token = await login(server, ada.email, ada.password);
    expect((await server.request('GET /posts/my', { token })).body).toEqual([]);
  });

  it('changes no profile for a member who logged out meanwhile', async () => {
    const ada = await member(server);
    const transit = await begin(server, 'PATCH /users/me', ada.token, { city: 'Ockham' });
    await settled();
    await server.request('POST /auth/logout', { token: ada.token });
    expect(await transit.finish()).toMatchObject([401, { detail: 'Invalid or expired token' }]);
    expect((await asRoot(`GET /admin/users/${ada.id}`)).body.city).toBe('Unknown');
  });

  /** The ways in which a caller loses the right to act, and the answer that follows. */
  const ends: Readonly<Record<string, readonly [number, string, (caller: Person) => Promise<unknown>]>> = {
    'logged out': [401, 'Invalid or expired token', ({ token }) => server.request('POST /auth/logout', { token })],
    deactivated: [403, 'Account is deactivated', ({ id }) => asRoot(`PATCH /admin/users/${id}/deactivate`)],
    deleted: [401, 'User no longer exists', ({ id }) => asRoot(`DELETE /admin/users/${id}`)],
    demoted: [403, 'Admin access required', ({ id }) => asRoot(`PATCH /admin/users/${id}/role`, { role: 'user' })],
  };
  // A route that reads no body acts as soon as the headers are there.
  const readsBody = ({ method, path, input }: Route) =>
    ['POST', 'PATCH'].includes(method) && Object.keys(input.entries).some((name) => !path.includes(`{${name}}`));
  const withBody = routes.filter((route) => route.bearer === 'required' && readsBody(route));
  const cases = withBody.flatMap((route) =>
    Object.keys(ends)
      .filter((end) => end !== 'demoted' || route.who === 'admin')
      .map((end) => [`${route.method} ${route.path}`, end, route] as const),
  );
  it.each(cases)('of %s changes nothing for a caller who is %s meanwhile', async (_, end, route) => {
    const [status, detail, happen] = ends[end]!;
    const [caller, subject] = [await anotherAdmin(server, root), await member(server)];
    const { id } = (await server.request('POST /posts', { token: caller.token, json: post })).body;
    const path = route.path.replace('{id}', String(route.path.startsWith('/posts') ? id : subject.id));
    const transit = await begin(
      server,
      `${route.method} ${path}`,
      caller.token,
      sampleInput(route, caller).fields,
      route.style,
    );
    await settled();
    await happen(caller);
    const shown = async () => [
      (await asRoot('GET /admin/users?limit=1&after=' + (subject.id - 1))).body,
      (await asRoot('GET /admin/audit?limit=1')).body,
      (await asRoot(`GET /posts/${id}`)).body.title,
    ];
    const before = await shown();
    expect(await transit.finish()).toMatchObject([status, { detail }]);
    expect(await shown()).toEqual(before);
  });

  it('is not examined before the caller is known: a member who logged out gets 401, whatever it says', async () => {
    const ada = await member(server);
    await server.request('POST /auth/logout', { token: ada.token });
    const headers = { 'Content-Type': 'text/plain' };
    expect((await server.request('PATCH /users/me', { token: ada.token, body: '{', headers })).status).toBe(401);
  });

  it('is not waited for where the signature of the token is bad', async () => {
    const ada = await member(server);
    const transit = await begin(server, 'PATCH /users/me', `${ada.token.slice(0, -4)}AAAA`, { city: 'Ockham' });
    expect(await transit.answer()).toMatchObject([401, { detail: 'Invalid or expired token' }]);
  });
});
