import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { notes } from '../../../test/secrecy.mjs';
import { type FirstVersionFacts, readFirstVersion } from './first-version.ts';
import { copyEmptyDatabase } from './pglite-directory.ts';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

const { sql: dump, facts } = await readFirstVersion('full');
const { members } = facts as { members: Record<string, FirstVersionFacts['members'][string]> };
const memberOf = (key: string) => members[key]!;
for (const { password, sessions } of Object.values(members)) {
  notes.credentials(password, ...sessions.flatMap((one) => [one.refreshToken, ...one.earlierRefreshTokens]));
}

/** A Postgres, or the directory of an embedded database, which the first version filled. */
const filled = {
  async Postgres() {
    const { url } = await createDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(dump);
    await client.end();
    return url;
  },
  async PGlite() {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-upgrade-'));
    afterAll(() => rm(directory, { recursive: true }));
    await copyEmptyDatabase(directory);
    const embedded = await PGlite.create(join(directory, 'pgdata'));
    await embedded.exec(dump);
    await embedded.close();
    return `pglite:${directory}`;
  },
};

function startOn(url: string, options: TestServerOptions = {}): Promise<TestServer> {
  const environment = { DATABASE_URL: url, SECRET_KEY: facts.secretKey, PUBLIC_URL: facts.publicUrl };
  return startServer('memory', { ...options, environment, realHashes: true });
}

describe.each(['Postgres', 'PGlite'] as const)('a server on the database of the first version, on %s', (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startOn(await filled[store]());
  });
  afterAll(() => server.close());

  const logIn = async (key: string) => {
    const { email, password } = memberOf(key);
    return server.request('POST /auth/login', { json: { email, password } });
  };
  const refresh = (refreshToken: string) =>
    server.request('POST /auth/refresh', { json: { refresh_token: refreshToken } });

  it.each(['ada', 'zoe', 'zoeDecomposed', 'ivan', 'obrien', 'long', 'fox'])(
    'logs %s in with the earlier password, and shows the earlier profile',
    async (key) => {
      const { id, email, name, age, city, role } = memberOf(key);
      const { status, body } = await logIn(key);
      expect(status).toBe(200);
      const own = { id, email, name: name.normalize('NFC'), age, city: city.normalize('NFC'), role };
      expect(body.user).toMatchObject(own);
      expect((await server.request('GET /users/me', { token: body.access_token })).body).toMatchObject(own);
    },
  );

  it('keeps deactivated members out, and no address of a deleted account', async () => {
    expect((await logIn('carol')).status).toBe(403);
    expect((await logIn('dave')).status).toBe(403);
    const { email } = facts.formerMembers['rupert']!;
    const { status, body } = await server.request('POST /auth/register', {
      json: { name: 'Rupert', email, password: 'secret123', age: 36 },
    });
    expect([status, body.id]).toEqual([201, facts.lastIds['users']! + 1]);
  });

  it('goes on with live sessions, and treats a replaced refresh token as theft', async () => {
    const [newest, other] = memberOf('ada').sessions;
    const { status, body } = await refresh(other!.refreshToken);
    expect(status).toBe(200);
    expect((await refresh(body.refresh_token)).status).toBe(200);
    expect((await refresh(newest!.earlierRefreshTokens[0]!)).status).toBe(401);
    expect((await refresh(newest!.refreshToken)).status).toBe(401);
  });

  it('refreshes no session that had ended, had expired or was unused for too long', async () => {
    const over = Object.values(members).flatMap(({ sessions }) => sessions.filter(({ state }) => state !== 'live'));
    expect(over.length).toBeGreaterThan(5);
    for (const { refreshToken } of over) expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('accepts earlier mailed links, once', async () => {
    const verify = () =>
      server.request('POST /auth/verify-email', { json: { token: memberOf('bob').links['verify-email']!.token } });
    expect((await verify()).status).toBe(204);
    const reset = (key: string) =>
      server.request('POST /auth/reset-password', {
        json: { token: memberOf(key).links['reset-password']!.token, new_password: 'newSecret456' },
      });
    expect((await reset('frank')).status).toBe(204);
    expect((await reset('frank')).status).toBe(400);
    expect((await reset('judy')).status).toBe(400);
  });

  it('shows the earlier posts and audit entries', async () => {
    const { body: grant } = await logIn('root');
    const token = grant.access_token;
    const { body: posts } = await server.request('GET /posts?limit=100', { token });
    expect(posts.map(({ id, author_id: authorId }: any) => [id, authorId])).toEqual(
      facts.posts.toSorted((a, b) => b.id - a.id).map(({ id, authorId }) => [id, authorId]),
    );
    const { body: deleted } = await server.request('GET /admin/audit?type=user.deleted', { token });
    expect(deleted).toHaveLength(facts.auditTypes['user.deleted']!);
  });
});

describe('an access token of the first version', () => {
  it('is valid as long as it would have been', async () => {
    const clock = new ManualClock(new Date(facts.end));
    const server = await startOn(await filled.Postgres(), { clock });
    for (const { sessions, id } of Object.values(members)) {
      for (const { accessToken } of sessions) {
        if (!accessToken) continue;
        const { status, body } = await server.request('GET /users/me', { token: accessToken });
        expect([status, body.id]).toEqual([200, id]);
      }
    }
    await server.close();
  });
});
