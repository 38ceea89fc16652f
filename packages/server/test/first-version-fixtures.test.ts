import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Argon2PasswordHasher } from '@sallyport/adapters-crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { type FirstVersionFacts, firstVersionDumps, readFirstVersion } from './first-version.ts';
import { copyEmptyDatabase } from './pglite-directory.ts';

interface Database {
  query(text: string): Promise<{ readonly rows: readonly any[] }>;
}

const directory = await mkdtemp(join(tmpdir(), 'first-version-'));
await copyEmptyDatabase(directory);
const embedded = await PGlite.create(join(directory, 'pgdata'));
afterAll(async () => {
  await embedded.close();
  await rm(directory, { recursive: true });
});

describe.each(firstVersionDumps)('The dump %s of the first version', (name) => {
  let postgres: pg.Client;
  let sql: string;
  let facts: FirstVersionFacts;
  beforeAll(async () => {
    ({ sql, facts } = await readFirstVersion(name));
    postgres = new pg.Client({ connectionString: (await createDatabase()).url });
    await postgres.connect();
    await postgres.query(sql);
  });
  afterAll(() => postgres.end());

  it('loads into Postgres with the rows that it records', async () => {
    expect(await contentsOf(postgres)).toEqual(recordedIn(facts));
  });

  it('loads into PGlite with the rows that it records', async () => {
    await embedded.exec('drop schema public cascade; create schema public');
    await embedded.exec(sql);
    expect(await contentsOf(embedded)).toEqual(recordedIn(facts));
  });

  it('stores the hash of each password and link, and the generation of each refresh token, that it records', async () => {
    const { rows: users } = await postgres.query('select id, password_hash from users');
    const { rows: links } = await postgres.query('select user_id, purpose, digest from one_time_tokens');
    const { rows: sessions } = await postgres.query('select id, user_id, generation from sessions');
    const hasher = new Argon2PasswordHasher();
    const members = Object.values(facts.members);
    const hashOf = (id: number) => users.find((row) => Number(row.id) === id)?.password_hash;
    for (const { id, ...member } of members) {
      // One at a time: on a busy machine, the hasher would turn away those that wait.
      expect(await hasher.verify(member.password, hashOf(id))).toBe(true);
      const isOwn = (row: { user_id: string }) => Number(row.user_id) === id;
      expect(Object.fromEntries(links.filter(isOwn).map((row) => [row.purpose, row.digest]))).toEqual(
        Object.fromEntries(Object.entries(member.links).map(([purpose, { token }]) => [purpose, sha256(token)])),
      );
      const refreshTokens = sessions.filter(isOwn).map((row) => refreshTokenOf(row, facts.secretKey));
      expect(new Set(refreshTokens)).toEqual(new Set(member.sessions.map(({ refreshToken }) => refreshToken)));
    }
  });
});

/** What the facts record and the rows tell as well. */
function recordedIn({
  counts,
  lastIds,
  migrations,
  auditTypes,
  signingKeys,
  mails,
  members,
  posts,
}: FirstVersionFacts) {
  return {
    counts,
    lastIds,
    migrations,
    auditTypes,
    mails,
    keys: signingKeys.map(({ kid }) => kid),
    members: Object.values(members).map(({ password: _password, sessions: _sessions, links: _links, ...user }) => user),
    posts: posts.map(({ author: _author, ...post }) => post),
  };
}

async function contentsOf(database: Database): Promise<ReturnType<typeof recordedIn>> {
  const rows = async (text: string) => (await database.query(text)).rows;
  const tables = (await rows(`select tablename from pg_tables where schemaname = 'public'`)).map(
    (row) => row.tablename,
  );
  const counts: Record<string, number> = {};
  for (const table of tables) {
    counts[table] = (await rows(`select count(*)::int from ${pg.escapeIdentifier(table)}`))[0].count;
  }
  const sequences = await rows(
    `select sequencename, coalesce(last_value, 0)::int as id from pg_sequences
     where schemaname = 'public' and sequencename <> 'sallyport_migrations_id_seq'`,
  );
  const types = await rows('select type, count(*)::int from audit group by type');
  const users = await rows(
    `select id::int, name, email, age, city, role, is_active as "isActive", email_verified as "emailVerified",
       created_at as "createdAt"
     from users order by id`,
  );
  return {
    counts,
    lastIds: Object.fromEntries(sequences.map((row) => [row.sequencename.replace(/_id_seq$/, ''), row.id])),
    migrations: (await rows('select name from sallyport_migrations order by id')).map((row) => row.name),
    auditTypes: Object.fromEntries(types.map(({ type, count }) => [type, count])),
    mails: await rows('select id::int, kind, email, user_id::int as "userId", attempts from outbox order by id'),
    keys: (await rows('select kid from signing_keys order by active_from')).map((row) => row.kid),
    members: users.map(withTextTime),
    posts: tables.includes('posts') ? (await rows(postColumns)).map(withTextTime) : [],
  };
}

const postColumns = `select id::int, title, content, published, author_id::int as "authorId", created_at as "createdAt"
  from posts order by id`;

function withTextTime(row: any) {
  return { ...row, createdAt: row.createdAt.toISOString() };
}

const sha256 = (token: string) => createHash('sha256').update(token).digest('base64url');

/** The refresh token of a session, as the first version made it. */
function refreshTokenOf({ id, generation }: { id: string; generation: number }, secretKey: string): string {
  const key = new Uint8Array(hkdfSync('sha256', secretKey, '', 'sallyport refresh tokens', 32));
  const sessionKey = createHmac('sha256', key).update(id).digest();
  return `${id}.${generation}.${createHmac('sha256', sessionKey).update(String(generation)).digest('base64url')}`;
}
