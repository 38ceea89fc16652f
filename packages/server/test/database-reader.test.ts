import pg from 'pg';
import { expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { admin, linkTo, member, startServer } from './start-server.ts';

/** Every row of every table, as text. */
async function everythingIn(url: string): Promise<{ readonly tables: number; readonly text: string }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const tables = await client.query(`select tablename from pg_tables where schemaname = 'sallyport'`);
  const texts: string[] = [];
  for (const { tablename } of tables.rows) {
    const { rows } = await client.query(`select t::text as line from sallyport.${pg.escapeIdentifier(tablename)} t`);
    texts.push(...rows.map(({ line }): string => line));
  }
  await client.end();
  return { tables: tables.rows.length, text: texts.join('\n') };
}

it('the database contains no password, no token and no open key', async () => {
  const { url } = await createDatabase();
  const secret = 'the secret of a deployment, long enough';
  const environment = { DATABASE_URL: url, SECRET_KEY: secret, RATE_LIMITS: 'on' };
  const server = await startServer('Postgres', { environment, realHashes: true });
  const [root, ada] = [await admin(server), await member(server, 'Ada')];
  const post = (path: string, json: object, token?: string) => server.request(`POST ${path}`, { json, token });
  const typed = ['newSecret456', 'a wrong guess 1'];
  await post('/auth/login', { email: ada.email, password: typed[1] });
  const turned = (await post('/auth/refresh', { refresh_token: ada.refreshToken })).body;
  const changed = await server.request('PATCH /users/me/password', {
    token: turned.access_token,
    json: { current_password: ada.password, new_password: typed[0] },
  });
  const { access_token: token, refresh_token: refreshToken } = changed.body;
  await post('/auth/forgot-password', { email: ada.email });
  await post('/users/me/email', { new_email: 'ada@example.org', current_password: typed[0] }, token);
  const links = [
    await linkTo(server, ada.email, 'reset-password'),
    await linkTo(server, ada.email, 'verify-email'),
    await linkTo(server, 'ada@example.org', 'change-email'),
  ];
  // One more is still to be sent.
  await post('/auth/forgot-password', { email: root.email });

  const { tables, text } = await everythingIn(url);
  await server.close();
  expect(tables).toBeGreaterThan(6);
  expect(text).toContain('$argon2id$');
  const tokens = [ada.token, ada.refreshToken, root.token, turned.access_token, turned.refresh_token, ...links];
  tokens.push(token, refreshToken);
  const parts = tokens.flatMap((token) => [token, token.split('.').at(-1)]);
  for (const each of [...parts, secret, root.password, ada.password, ...typed]) expect(text).not.toContain(each);
  // A private half would be a `d` beside its `x` (RFC 8037, section 2).
  expect(text).not.toMatch(/\bd\b"+:/);
});
