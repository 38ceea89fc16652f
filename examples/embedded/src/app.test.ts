import { deepEqual, equal } from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { DomainEvent, Mail } from '@sallyport/core';
import pg from 'pg';
import { startApp } from './app.ts';

const company = 'Analytical Engines';
let members = 0;

/** What a member registers with; each has another address. */
function newMember() {
  members += 1;
  return { name: 'Ada', email: `ada${members}@acme.example`, password: 'secret123', company };
}

/** What the sign-up takes: the input of the use case, and a field of the app. */
function newSignUp() {
  const { company: ofMember, ...member } = newMember();
  return { ...member, profile: { company: ofMember }, plan: 'free' };
}

let pool: pg.Pool;
let app: Awaited<ReturnType<typeof startApp>>;
let events: DomainEvent[];
let onMail: (mail: Mail) => void = () => {};

before(async () => {
  pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
  await pool.query(`
    drop schema if exists auth cascade; drop table if exists users;
    create table users (account_id bigint primary key, plan text not null check (plan in ('free', 'paid')))`);
  const mailer = { send: async (mail: Mail) => onMail(mail) };
  app = await startApp({ pool, mailer, secretKey: 'a secret of at least 32 bytes, for this test alone' });
  app.application.events.on('*', (event) => void events.push(event));
});
after(async () => {
  await app.stop();
  await pool.query('drop schema auth cascade; drop table users');
  await pool.end();
});
beforeEach(() => {
  events = [];
});

async function call(methodAndPath: string, json?: unknown, token?: string) {
  const [method = '', path = ''] = methodAndPath.split(' ');
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  const response = await fetch(app.url + path, {
    method,
    headers,
    body: json === undefined ? null : JSON.stringify(json),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const logIn = async ({ email, password }: { email: string; password: string }) =>
  (await call('POST /api/auth/login', { email, password })).body;

/** The claims of an access token. */
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** What an attempt to sign up has written: accounts and mails of the address, and all registrations and rows of the app. */
async function written({ email }: { email: string }) {
  const { rows } = await pool.query({
    rowMode: 'array',
    text: `select (select count(*) from auth.users where email = $1)::int,
      (select count(*) from auth.outbox where email = $1)::int,
      (select count(*) from auth.audit where type = 'user.registered')::int, (select count(*) from users)::int`,
    values: [email],
  });
  return rows[0];
}

describe('An Express app with accounts', () => {
  it('serves the API under /api, after its own body parser, and its own routes beside it', async () => {
    const ada = newMember();
    const registered = await call('POST /api/auth/register', ada);
    deepEqual([registered.status, registered.body.company], [201, company]);
    const { access_token: token } = await logIn(ada);
    equal((await call('GET /api/users/me', undefined, token)).body.company, company);
    deepEqual((await call('GET /hello')).body, { hello: 'world' });
    const metadata = await call('GET /.well-known/oauth-authorization-server/api');
    equal(metadata.body.issuer, `${app.url}/api`);
  });

  it('requires its own field of the profile', async () => {
    const { company: _, ...incomplete } = newMember();
    const { status, body } = await call('POST /api/auth/register', incomplete);
    deepEqual([status, body.detail], [422, 'company: Field required']);
  });

  it('refuses addresses of other domains', async () => {
    const { status, body } = await call('POST /api/auth/register', { ...newMember(), email: 'ada@example.com' });
    deepEqual([status, body.detail], [403, 'Use your address at acme.example, please']);
  });

  it('puts the company into access tokens', async () => {
    const ada = newMember();
    await call('POST /api/auth/register', ada);
    const claims = claimsOf((await logIn(ada)).access_token);
    deepEqual([claims.company, claims.iss], [company, `${app.url}/api`]);
  });

  it('sends its own words, by its background work', async () => {
    const ada = newMember();
    const mail = new Promise<Mail>((resolve) => {
      onMail = (sent) => void (sent.to === ada.email && resolve(sent));
    });
    await call('POST /api/auth/register', ada);
    const { to, kind, token, words } = await mail;
    deepEqual(
      [to, kind, words.subject, words.action?.label],
      [ada.email, 'verify-email', 'Welcome to Acme', 'Take my desk'],
    );
    const page = await fetch(`${app.url}/api/verify-email?token=${token}`);
    equal(page.status, 200);
  });

  it('admits editors alone to a route of its own', async () => {
    const root = { email: 'root@acme.example', password: 'admin secret 123' };
    await app.application.bootstrapAdmin.execute(app.system, root);
    const ada = newMember();
    await call('POST /api/auth/register', ada);
    const { access_token: token, user } = await logIn(ada);
    equal((await call('GET /drafts')).status, 401);
    const refused = await call('GET /drafts', undefined, token);
    deepEqual([refused.status, refused.body.type], [403, 'urn:sallyport:problem:role_required']);
    const admin = await logIn(root);
    await call(`PATCH /api/admin/users/${user.id}/role`, { role: 'editor' }, admin.access_token);
    deepEqual(await call('GET /drafts', undefined, token), { status: 200, body: { editor: 'Ada' } });
  });
});

describe('Its sign-up', () => {
  it('writes the account and the row of the app in one transaction, and then reports the event', async () => {
    const input = newSignUp();
    const { status, body } = await call('POST /sign-up', input);
    equal(status, 201);
    const { rows } = await pool.query('select plan from users where account_id = $1', [body.id]);
    deepEqual(rows, [{ plan: 'free' }]);
    deepEqual(
      events.map(({ type, subjectId }) => [type, subjectId]),
      [['user.registered', body.id]],
    );
    equal((await logIn(input)).user.id, body.id);
  });

  it('writes nothing if the app cannot store its row, and reports no event', async () => {
    const input = { ...newSignUp(), plan: 'none' };
    const before = await written(input);
    const { status } = await call('POST /sign-up', input);
    deepEqual([status, await written(input), events], [500, before, []]);
  });

  it('writes nothing if the account is refused', async () => {
    for (const [change, refusal] of [
      [{ email: 'ada@example.com' }, [403, 'Use your address at acme.example, please']],
      [{ password: 'short1' }, [422, 'password: Must be at least 8 characters']],
    ] as const) {
      const input = { ...newSignUp(), ...change };
      const before = await written(input);
      const { status, body } = await call('POST /sign-up', input);
      deepEqual([[status, body.detail], await written(input), events], [refusal, before, []]);
    }
  });
});
