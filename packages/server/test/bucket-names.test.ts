import { createHash } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { startServer } from './start-server.ts';

it('a reader of the database cannot recognise an address in the names of the limits, and nodes and restarts share them', async () => {
  const { url } = await createDatabase();
  const names = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select bucket from sallyport.rate_limits order by bucket collate "C"');
    await client.end();
    return rows.map(({ bucket }): string => bucket);
  };
  const tryOn = async (SECRET_KEY: string) => {
    const server = await startServer('Postgres', { environment: { DATABASE_URL: url, RATE_LIMITS: 'on', SECRET_KEY } });
    const json = { email: 'ada@example.com', password: 'wrong password' };
    expect((await server.request('POST /auth/login', { json })).status).toBe(401);
    await server.close();
    return names();
  };
  const secret = 'the secret of this deployment, long enough';
  const first = await tryOn(secret);
  expect(first.length).toBeGreaterThan(2);
  const digest = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  for (const parts of [['ada@example.com'], ['pair', 'ada@example.com', '127.0.0.1'], ['address', '127.0.0.1']]) {
    expect(first.join()).not.toContain(digest(parts));
  }
  expect(await tryOn(secret)).toEqual(first);
  expect(await tryOn('another secret, with which nothing is recognised').then((all) => all.length)).toBe(
    2 * first.length,
  );
});
