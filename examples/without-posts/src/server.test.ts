import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { EventEmitter, on } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { migrate, type Sql } from '@sallyport/adapters-postgres';
import { openPglite } from '@sallyport/adapters-postgres/pglite';
import type { Mail, Mailer } from '@sallyport/core';
import sql from 'sql-template-tag';
import { startServer } from './server.ts';

const admin = { email: 'root@example.com', password: 'admin secret 123' };
const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123' };

/** Passes mails on to the test, which waits for them. */
function testMailer() {
  const sent = new EventEmitter();
  const mails = on(sent, 'mail') as AsyncIterableIterator<[Mail]>;
  const mailer: Mailer = { send: async (mail) => void sent.emit('mail', mail) };
  /** The next mail of this kind. */
  async function next(kind: string): Promise<Mail> {
    for (;;) {
      const { value } = await mails.next();
      const [mail] = value as [Mail];
      if (mail.kind === kind) return mail;
    }
  }
  return { mailer, next };
}

const kinds: readonly (readonly [string, () => Promise<Sql | undefined>])[] = [
  ['in memory', async () => undefined],
  ['on PGlite', () => openPglite()],
];

it('A database without posts has no table for them', async () => {
  const database = await openPglite();
  await migrate(database);
  const tables = await database.query<{ readonly name: string }>(sql`
    select table_name::text as name from information_schema.tables where table_schema = ${database.schema}`);
  const names = tables.map((table) => table.name);
  ok(names.includes('users'));
  deepEqual(
    names.filter((name) => name.includes('posts')),
    [],
  );
  await database.close();
});

for (const [name, open] of kinds) {
  describe(`A server without posts ${name}`, () => {
    const mails = testMailer();
    let database: Sql | undefined;
    let server: Awaited<ReturnType<typeof startServer>>;

    before(async () => {
      database = await open();
      const secretKey = 'a secret of at least 32 bytes, for this test alone';
      server = await startServer({ database, mailer: mails.mailer, secretKey, admin });
    });
    after(async () => {
      await server.stop();
      await database?.close();
    });

    async function call(methodAndPath: string, token?: string, json?: unknown) {
      const [method = '', path = ''] = methodAndPath.split(' ');
      const headers = {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      };
      const body = json === undefined ? null : JSON.stringify(json);
      const response = await fetch(server.url + path, { method, headers, body });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    }

    const logIn = async ({ email, password }: typeof admin) =>
      (await call('POST /auth/login', undefined, { email, password })).body;

    it('has no route for posts', async () => {
      const { access_token: token } = await logIn(admin);
      for (const route of ['GET /posts', 'POST /posts', 'GET /posts/my', 'GET /posts/1', 'DELETE /posts/1']) {
        const json = route.startsWith('POST') ? {} : undefined;
        const { status, body } = await call(route, token, json);
        deepEqual([route, status, body.type], [route, 404, 'urn:sallyport:problem:not_found']);
      }
      const { body } = await call('GET /openapi.json');
      deepEqual(
        Object.keys(body.paths).filter((path) => path.includes('posts')),
        [],
      );
      equal(JSON.stringify(body).includes('posts.'), false);
    });

    it('does everything else: accounts, mails, sessions, administration, audit', async () => {
      const registered = await call('POST /auth/register', undefined, ada);
      deepEqual([registered.status, registered.body.email_verified], [201, false]);
      const { token: link } = await mails.next('verify-email');
      equal((await call('POST /auth/verify-email', undefined, { token: link })).status, 204);

      const grant = await logIn(ada);
      const me = await call('GET /users/me', grant.access_token);
      deepEqual([me.status, me.body.email_verified], [200, true]);
      const renamed = await call('PATCH /users/me', grant.access_token, { name: 'Ada King' });
      equal(renamed.body.name, 'Ada King');
      const refreshed = await call('POST /auth/refresh', undefined, { refresh_token: grant.refresh_token });
      match(refreshed.body.access_token, /^ey/);

      await call('POST /auth/forgot-password', undefined, { email: ada.email });
      const { token: reset } = await mails.next('reset-password');
      const password = 'newSecret456';
      equal((await call('POST /auth/reset-password', undefined, { token: reset, new_password: password })).status, 204);
      equal((await call('GET /users/me', grant.access_token)).status, 401);
      const again = await logIn({ email: ada.email, password });

      const root = await logIn(admin);
      const { id } = registered.body;
      const audit = await call(`GET /admin/audit?subject_id=${id}&type=user.password_reset`, root.access_token);
      equal(audit.body.length, 1);
      equal((await call('DELETE /users/me', again.access_token)).status, 204);
      equal((await call(`GET /admin/users/${id}`, root.access_token)).status, 404);
    });
  });
}
