import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { admin, member, startServer, type TestServer } from './start-server.ts';

let url: string;
let host: pg.Client;
beforeAll(async () => {
  ({ url } = await createDatabase());
  host = new pg.Client({ connectionString: url });
  await host.connect();
});
afterAll(() => host.end());

/** The address of a role whose `search_path` leads nowhere, and which may do nothing in `public`. */
async function roleWithoutPublic(schema: string): Promise<string> {
  const name = `app_${randomUUID()}`;
  const role = pg.escapeIdentifier(name);
  await host.query(`revoke all on schema public from public;
    create role ${role} login password 'secret';
    alter role ${role} set search_path = nowhere;
    create schema ${pg.escapeIdentifier(schema)} authorization ${role}`);
  const own = new URL(url);
  [own.username, own.password] = [name, 'secret'];
  onTestFinished(async () => void (await host.query(`drop owned by ${role} cascade; drop role ${role}`)));
  return own.href;
}

/** Registers, logs in, posts, lists and deletes. */
async function serves(server: TestServer): Promise<void> {
  const root = await admin(server);
  const ada = await member(server, 'Ada');
  const json = { title: 'On engines', content: 'Weaves algebraical patterns.' };
  expect((await server.request('POST /posts', { token: ada.token, json })).status).toBe(201);
  const users = await server.request('GET /admin/users', { token: root.token });
  expect(users.body.map(({ name, id }: any) => [id, name])).toEqual([
    [1, expect.any(String)],
    [2, 'Ada'],
  ]);
  expect((await server.request('GET /posts/1', { token: ada.token })).body.author.name).toBe('Ada');
  const refreshed = await server.request('POST /auth/refresh', { json: { refresh_token: ada.refreshToken } });
  expect(refreshed.status).toBe(200);
  expect((await server.request('DELETE /users/me', { token: ada.token })).status).toBe(204);
}

it('one database serves a host with tables of the same names, and three deployments in schemas of their own', async () => {
  const tables = ['users', 'sessions', 'posts', 'audit', 'outbox'];
  for (const table of tables) {
    await host.query(`create table ${table} (id integer primary key, secret text);
      insert into ${table} values (1, 'of the host')`);
  }
  const deployments = [
    { DATABASE_URL: url },
    { DATABASE_URL: url, DATABASE_SCHEMA: 'Auth-2 "x"' },
    { DATABASE_URL: await roleWithoutPublic("third's"), DATABASE_SCHEMA: "third's" },
  ];
  const servers = await Promise.all(deployments.map((environment) => startServer('Postgres', { environment })));
  await Promise.all(servers.map(serves));
  for (const table of tables) {
    expect((await host.query(`select * from public.${table}`)).rows).toEqual([{ id: 1, secret: 'of the host' }]);
  }
  const { rows } = await host.query(`
    select nspname from pg_namespace where nspname not like 'pg_%' and nspname <> 'information_schema'`);
  const schemas = new Set(rows.map(({ nspname }) => nspname));
  expect(schemas).toEqual(new Set(['public', 'sallyport', 'Auth-2 "x"', "third's"]));
  for (const server of servers) await server.close();
});
