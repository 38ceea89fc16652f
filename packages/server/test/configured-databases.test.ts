import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { errorInWords } from '../src/error-in-words.ts';
import { admin, member, startServer, type TestServer } from './start-server.ts';

async function asOperator(work: (query: (text: string) => Promise<unknown>) => Promise<unknown>): Promise<void> {
  const operator = new pg.Client({ connectionString: inject('postgresUrl') });
  await operator.connect();
  try {
    await work((text) => operator.query(text));
  } finally {
    await operator.end();
  }
}

/** The address of an empty database of a role, both as an operator may have configured them. */
async function configured(settings: readonly string[], options = ''): Promise<string> {
  const name = `configured_${randomUUID()}`;
  const [database, role] = [pg.escapeIdentifier(name), pg.escapeIdentifier(`${name}_role`)];
  await asOperator(async (query) => {
    await query(`create role ${role} login password 'secret'`);
    await query(`create database ${database} template template0 owner ${role} ${options}`);
    for (const setting of settings) {
      const where = setting.startsWith('set ') ? `in database ${database}` : '';
      await query(`alter role ${role} ${where} ${setting}`);
    }
  });
  onTestFinished(() =>
    asOperator(async (query) => {
      await query(`drop database ${database} with (force)`);
      await query(`drop role ${role}`);
    }),
  );
  const url = new URL(inject('postgresUrl'));
  [url.username, url.password, url.pathname] = [`${name}_role`, 'secret', name];
  return url.href;
}

/** Registers, logs in, refreshes, searches, posts, lists and deletes. */
async function serves(server: TestServer): Promise<void> {
  const root = await admin(server);
  const ada = await member(server);
  const { email } = ada;
  const named = { token: ada.token, json: { name: 'ADA İstanbul Ärger' } };
  expect((await server.request('PATCH /users/me', named)).status).toBe(200);
  for (const search of ['istanbul', 'ARGER', 'ada', email.toUpperCase()]) {
    const found = await server.request(`GET /admin/users?search=${encodeURIComponent(search)}`, { token: root.token });
    expect([search, found.status, found.body.map(({ id }: any) => id)]).toEqual([search, 200, [2]]);
  }
  const json = { title: 'On engines', content: 'Weaves algebraical \\ patterns. äöü🔑' };
  const posted = await server.request('POST /posts', { token: ada.token, json });
  expect(posted.status).toBe(201);
  expect(Math.abs(Date.parse(posted.body.created_at) - Date.now())).toBeLessThan(3_600_000);
  expect((await server.request('GET /posts/1', { token: ada.token })).body).toMatchObject(json);
  const refreshed = await server.request('POST /auth/refresh', { json: { refresh_token: ada.refreshToken } });
  expect(refreshed.status).toBe(200);
  const sessions = await server.request('GET /users/me/sessions', { token: ada.token });
  expect(Date.parse(sessions.body[0].expires_at)).toBeGreaterThan(Date.now());
  await server.request('POST /auth/forgot-password', { json: { email } });
  await server.sendMails();
  const wrong = { email, password: 'not her password' };
  expect((await server.request('POST /auth/login', { json: wrong })).status).toBe(401);
  const audit = await server.request(`GET /admin/audit?subject_id=2`, { token: root.token });
  expect(audit.body.map(({ type }: any) => type)).toContain('user.login_failed');
  // They count in one bucket, since they come from one address.
  const wanting = Array.from({ length: 6 }, (_, n) => ({ email: `person${n}@example.com` }));
  const counted = await Promise.all(wanting.map((json) => server.request('POST /auth/forgot-password', { json })));
  expect(new Set(counted.map(({ status }) => status))).toEqual(new Set([200]));
  const all = await Promise.all(Array.from({ length: 8 }, () => server.request('GET /users/me', { token: ada.token })));
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await server.request('DELETE /users/me', { token: ada.token })).status).toBe(204);
}

/** Starts a server on such a database, and uses it. */
async function starts(...database: Parameters<typeof configured>): Promise<void> {
  const DATABASE_URL = await configured(...database);
  const server = await startServer('Postgres', { environment: { DATABASE_URL, RATE_LIMITS: 'on' } });
  await serves(server);
  await server.close();
}

describe('the server runs on a database', () => {
  // Settings that do not meet share a database, since each takes a server of its own.
  it.each([
    [
      'set DateStyle = German',
      'set IntervalStyle = sql_standard',
      "set TimeZone = 'Asia/Kolkata'",
      'set bytea_output = escape',
      'set extra_float_digits = -15',
      "set search_path = ''",
      'set standard_conforming_strings = off',
      'set array_nulls = off',
      'set transform_null_equals = on',
    ],
    [
      "set DateStyle = 'SQL, DMY'",
      'set default_transaction_isolation = serializable',
      'set default_transaction_deferrable = on',
      'set client_encoding = LATIN1',
      'set plan_cache_mode = force_generic_plan',
    ],
    [
      'set DateStyle = Postgres',
      "set default_transaction_isolation = 'repeatable read'",
      'set quote_all_identifiers = on',
      'set row_security = off',
      "set temp_file_limit = '64kB'",
      'set synchronous_commit = off',
      'set client_min_messages = debug5',
    ],
    ['set statement_timeout = 500', 'set lock_timeout = 1', 'set idle_in_transaction_session_timeout = 1'],
    ['connection limit 3'],
    ['connection limit 1'],
  ])('with %s', async (...settings) => {
    await expect(starts(settings)).resolves.toBeUndefined();
  });

  it.each([
    "encoding UTF8 locale 'C'",
    "encoding UTF8 locale 'C' locale_provider icu icu_locale 'tr-TR'",
    "encoding UTF8 locale 'C' locale_provider icu icu_locale 'de-DE-u-ks-level1'",
    "encoding UTF8 locale 'C' locale_provider builtin builtin_locale 'C.UTF-8'",
  ])('with %s', async (options) => {
    await expect(starts([], options)).resolves.toBeUndefined();
  });

  it('without a schema public, through a role that takes on another role', async () => {
    const url = await configured([]);
    const role = new URL(url).username;
    const operator = new pg.Client({ connectionString: url });
    await operator.connect();
    await operator.query('drop schema public');
    await operator.end();
    await asOperator(async (query) => {
      await query(`create role "${role}_login" login password 'secret' in role "${role}"`);
      await query(`alter role "${role}_login" set role = "${role}"`);
    });
    onTestFinished(() => asOperator((query) => query(`drop role "${role}_login"`)));
    const DATABASE_URL = url.replace(role, `${role}_login`);
    const server = await startServer('Postgres', { environment: { DATABASE_URL } });
    await expect(serves(server)).resolves.toBeUndefined();
    await server.close();
  });
});

describe('the start fails with a sentence on a database', () => {
  it.each<[what: string, settings: string[], options: string, sentence: RegExp]>([
    ['in LATIN1', [], "encoding LATIN1 locale 'C'", /has the encoding LATIN1/],
    ['in SQL_ASCII', [], "encoding SQL_ASCII locale 'C' locale_provider libc", /has the encoding SQL_ASCII/],
    ['in EUC_JP', [], "encoding EUC_JP locale 'C'", /has the encoding EUC_JP/],
    ['that is read-only', ['set default_transaction_read_only = on'], '', /default_transaction_read_only is on/],
    ['that ignores references', ['set session_replication_role = replica'], '', /session_replication_role is replica/],
    ['that stops each statement', ['set statement_timeout = 1'], '', /statement timeout/],
    ['that stops each transaction', ['set transaction_timeout = 1'], '', /transaction timeout/],
  ])('%s', async (_what, settings, options, sentence) => {
    const error: unknown = await starts(settings, options).catch((thrown: unknown) => thrown);
    expect(errorInWords(error)).toMatch(sentence);
    expect(errorInWords(error)).not.toContain('\n');
  });
});
