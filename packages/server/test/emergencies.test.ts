import { tmpdir } from 'node:os';
import { cryptoPorts } from '@sallyport/adapters-crypto';
import { openPg, postgresStore } from '@sallyport/adapters-postgres';
import { postgresPosts } from '@sallyport/adapters-postgres/posts';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { notes } from '../../../test/secrecy.mjs';
import { procedureOf, runShell, runSql } from './procedures.ts';
import { eachInADirectory } from './sallyport-process.ts';
import {
  admin,
  anotherAdmin,
  linkTo,
  member,
  type Person,
  sessionOf,
  startServer,
  type TestServer,
} from './start-server.ts';

const { end } = eachInADirectory();
const secret = 'a secret key for tests, long enough';
const day = 86_400;

/** A server on this database, until it is stopped or the test is over. */
async function nodeOn(url: string, environment: Record<string, string> = {}, clock?: ManualClock) {
  const node = await startServer('Postgres', {
    environment: { DATABASE_URL: url, ...environment },
    ...(clock && { clock }),
  });
  let isOpen = true;
  const stop = async () => {
    if (isOpen) await node.close();
    isOpen = false;
  };
  onTestFinished(stop);
  return Object.assign(node, { stop });
}

const refresh = (node: TestServer, refresh_token: string) =>
  node.request('POST /auth/refresh', { json: { refresh_token } });
const logIn = (node: TestServer, { email }: Pick<Person, 'email'>, password: string) =>
  node.request('POST /auth/login', { json: { email, password } });
const me = (node: TestServer, token: string) => node.request('GET /users/me', { token });
const statusOf = async (answer: Promise<{ readonly status: number }>) => (await answer).status;

/** What an attacker who has a secret and reads the database can forge for the session of this token. */
async function forgeries(url: string, secretKey: string, { id: userId, token }: Pick<Person, 'id' | 'token'>) {
  const database = openPg(url);
  onTestFinished(() => database.close());
  const { keys, unitOfWork } = postgresStore(database, [postgresPosts]);
  const clock = new ManualClock(new Date());
  const crypto = cryptoPorts({ issuer: 'http://sallyport.test', secretKey }, { keys, unitOfWork, clock });
  const sessionId = sessionOf(token);
  const validity = { issuedAt: clock.now(), expiresAt: new Date(clock.now().getTime() + 600_000) };
  const refreshToken = await crypto.refreshTokens.issue({ sessionId, generation: 0 });
  const accessToken = await crypto.accessTokens.issue({ userId, sessionId }, validity).catch(() => undefined);
  notes.credentials(refreshToken, accessToken);
  return { refreshToken, accessToken };
}

describe('the procedure for a leaked secret', () => {
  it('ends what the old secret can forge, with the new secret alone', async () => {
    const { url } = await createDatabase();
    const before = await nodeOn(url, { SECRET_KEY: secret });
    const ada = await member(before);
    await before.application.forgotPassword.execute({}, { email: ada.email });
    const link = await linkTo(before, ada.email, 'reset-password');
    const forged = await forgeries(url, secret, ada);
    expect(await statusOf(me(before, forged.accessToken ?? ''))).toBe(200);
    expect(await statusOf(refresh(before, forged.refreshToken))).toBe(200);
    await before.stop();

    const environment = { DATABASE_URL: url, SECRET_KEY: 'the new secret for tests, long enough' };
    expect(await end(['serve'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^A signing key cannot be read/),
    });
    const { shell, sql } = procedureOf('A leaked secret');
    expect([shell.length, sql.length]).toEqual([1, 0]);
    const said = await runShell(shell, tmpdir(), environment);
    expect(said).toMatch(/^\S{43} {2}active .*\nSessions ended: 1, mailed links invalidated: 2\n$/);

    const after = await nodeOn(url, environment);
    for (const token of [ada.token, forged.accessToken ?? '']) expect(await statusOf(me(after, token))).toBe(401);
    for (const token of [ada.refreshToken, forged.refreshToken])
      expect(await statusOf(refresh(after, token))).toBe(401);
    const reset = after.request('POST /auth/reset-password', { json: { token: link, new_password: 'new secret 2' } });
    expect(await statusOf(reset)).toBe(400);
    const { status, body } = await logIn(after, ada, ada.password);
    expect(status).toBe(200);
    expect(await statusOf(me(after, body.access_token))).toBe(200);
    const again = await forgeries(url, secret, { id: ada.id, token: body.access_token });
    expect(again.accessToken).toBeUndefined();
    expect(await statusOf(refresh(after, again.refreshToken))).toBe(401);
  });
});

describe('the procedure for a compromised admin', () => {
  it('ends the rights, the sessions and the password, and lists what the account did', async () => {
    const { url } = await createDatabase();
    const node = await nodeOn(url, { SECRET_KEY: secret });
    const taken = await anotherAdmin(node, await admin(node));
    const [accomplice, victim] = [await member(node), await member(node)];
    const asAdmin = (token: string) => statusOf(node.request('GET /admin/users', { token }));
    const patch = (path: string, json: object) =>
      node.request(`PATCH /admin/users/${path}`, { token: taken.token, json });
    expect(await statusOf(patch(`${accomplice.id}/role`, { role: 'admin' }))).toBe(200);
    expect(await statusOf(patch(`${victim.id}`, { email: 'attacker@example.com' }))).toBe(200);

    const { shell, sql } = procedureOf('A compromised admin');
    expect([shell.length, sql.length]).toEqual([1, 1]);
    // A mail server leaves the mails to the node.
    const environment = { DATABASE_URL: url, SECRET_KEY: secret, SMTP_URL: 'smtp://127.0.0.1:9' };
    const commands = shell.map((text) => text.replaceAll('grace@example.com', taken.email));
    expect(await runShell(commands, tmpdir(), environment)).toContain('The sessions of this account have ended');
    expect([await asAdmin(taken.token), await statusOf(refresh(node, taken.refreshToken))]).toEqual([401, 401]);
    const { body } = await logIn(node, taken, taken.password);
    expect([await statusOf(me(node, body.access_token)), await asAdmin(body.access_token)]).toEqual([200, 403]);

    const [list = ''] = sql;
    const done = await runSql(url, list.replace('= 12', `= ${taken.id}`).replace('2026-11-26', '2000-01-01'));
    expect(done.map(({ type, subject_id: id, detail }) => [type, Number(id), detail])).toEqual([
      ['user.logged_in', taken.id, expect.anything()],
      ['user.role_changed', accomplice.id, { role: 'admin' }],
      ['user.corrected', victim.id, expect.objectContaining({ email: true })],
      ['user.logged_in', taken.id, expect.anything()],
    ]);

    const json = { token: await linkTo(node, taken.email, 'reset-password'), new_password: 'chosen again 1' };
    expect(await statusOf(node.request('POST /auth/reset-password', { json }))).toBe(204);
    expect(await statusOf(me(node, body.access_token))).toBe(401);
    expect(await statusOf(logIn(node, taken, taken.password))).toBe(401);
  });
});

describe('keys that are revoked under a running node', () => {
  it('are not accepted by it after a minute, and sessions go on', async () => {
    const { url } = await createDatabase();
    const clock = new ManualClock();
    const [one, two] = [await nodeOn(url, {}, clock), await nodeOn(url, {}, clock)];
    const ada = await member(one);
    expect(await statusOf(me(two, ada.token))).toBe(200);
    await one.application.revokeKeys.execute(one.system);
    expect(await statusOf(me(one, ada.token))).toBe(401);
    clock.advance(60);
    expect(await statusOf(me(two, ada.token))).toBe(401);
    const { status, body } = await refresh(two, ada.refreshToken);
    expect([status, await statusOf(me(one, body.access_token))]).toEqual([200, 200]);
  });
});

describe('ending every session while members log in', () => {
  it('leaves none that was open before, on either of two nodes', async () => {
    const { url } = await createDatabase();
    const nodes = [await nodeOn(url), await nodeOn(url)] as const;
    const people = await Promise.all(Array.from({ length: 10 }, () => member(nodes[0])));
    const { application, system } = nodes[1];
    await Promise.all([
      application.endEverySession.execute(system),
      ...people.map((person, n) => logIn(nodes[n % 2]!, person, person.password)),
    ]);
    for (const { token, refreshToken } of people) {
      expect([await statusOf(me(nodes[0], token)), await statusOf(refresh(nodes[0], refreshToken))]).toEqual([
        401, 401,
      ]);
    }
  });
});

describe('the procedure for a restored backup', () => {
  it('lets no session, link or password of the backup be valid again', async () => {
    const { url: old } = await createDatabase();
    const first = await nodeOn(old);
    await admin(first);
    const [ada, bob, stays] = [await member(first), await member(first), await member(first)];
    await first.application.forgotPassword.execute({}, { email: bob.email });
    const link = await linkTo(first, bob.email, 'reset-password');
    await first.stop();
    const { url: restored } = await createDatabase({ template: new URL(old).pathname.slice(1) });

    // What happens after the backup, and is lost with the old database.
    const backedUpAt = new Date().toISOString();
    const second = await nodeOn(old);
    const change = { current_password: ada.password, new_password: 'changed since 1' };
    await second.request('PATCH /users/me/password', { token: ada.token, json: change });
    await second.request('POST /auth/reset-password', { json: { token: link, new_password: 'changed since 2' } });
    await second.request('POST /auth/logout', { token: stays.token });
    const latest = await member(second);
    await second.stop();

    const environment = { DATABASE_URL: restored, SECRET_KEY: secret };
    const { shell, sql } = procedureOf('A restored backup');
    const [list = '', remove = '', proceed = ''] = sql;
    expect(sql).toHaveLength(3);
    await runShell(shell, tmpdir(), environment);
    const changed = await runSql(old, list.replace('2026-11-26 04:00:00Z', backedUpAt));
    expect(changed.map(({ subject_id: id, type }) => [Number(id), type])).toEqual([
      [ada.id, 'user.password_changed'],
      [bob.id, 'user.password_reset'],
    ]);
    const ids = changed.map(({ subject_id: id }) => id).join(', ');
    await runSql(restored, remove.replace('(7, 12)', `(${ids})`));
    await runSql(restored, proceed.replace('4711', String(latest.id)));

    const third = await nodeOn(restored);
    // A key may have been revoked after the backup.
    const { kid } = JSON.parse(Buffer.from(ada.token.split('.')[0] ?? '', 'base64url').toString());
    const shown = (await third.request('GET /.well-known/jwks.json')).body.keys;
    expect(shown).toHaveLength(1);
    expect(shown[0].kid).not.toBe(kid);
    for (const { token, refreshToken } of [ada, bob, stays]) {
      expect([await statusOf(me(third, token)), await statusOf(refresh(third, refreshToken))]).toEqual([401, 401]);
    }
    const reset = third.request('POST /auth/reset-password', {
      json: { token: link, new_password: 'the link again 1' },
    });
    expect(await statusOf(reset)).toBe(400);
    for (const person of [ada, bob]) expect(await statusOf(logIn(third, person, person.password))).toBe(401);
    expect(await statusOf(logIn(third, stays, stays.password))).toBe(200);

    await third.application.forgotPassword.execute({}, { email: ada.email });
    const token = await linkTo(third, ada.email, 'reset-password');
    const json = { token, new_password: 'chosen again 1' };
    expect(await statusOf(third.request('POST /auth/reset-password', { json }))).toBe(204);
    expect(await statusOf(logIn(third, ada, 'chosen again 1'))).toBe(200);
    expect((await member(third)).id).toBeGreaterThan(latest.id);
  });
});

describe('the procedure for a wrong clock', () => {
  it('removes what a clock a year ahead has left in the future', async () => {
    const { url } = await createDatabase();
    const environment = { DATABASE_URL: url, SECRET_KEY: secret, RATE_LIMITS: 'on' };
    const before = await nodeOn(url, environment);
    const ada = await member(before);
    await before.stop();

    const clock = new ManualClock(new Date(Date.now() + 365 * day * 1000));
    const ahead = await nodeOn(url, environment, clock);
    const { application, system } = ahead;
    await application.maintainKeys.execute(system);
    while (await application.purgeExpired.execute(system));
    clock.advance(day);
    await application.maintainKeys.execute(system);
    const future = await logIn(ahead, ada, ada.password);
    expect(future.status).toBe(200);
    for (let n = 0; n < 5; n += 1) await logIn(ahead, ada, 'wrong-1');
    expect(await statusOf(logIn(ahead, ada, ada.password))).toBe(429);
    await application.forgotPassword.execute({}, { email: ada.email });
    await ahead.stop();

    // The clock is right again, and what it left is not, but for the limits.
    const wrong = await nodeOn(url, environment);
    expect(await statusOf(logIn(wrong, ada, ada.password))).toBe(200);
    expect(await statusOf(me(wrong, future.body.access_token))).toBe(401);
    await wrong.sendMails();
    expect(wrong.mailbox.tokenFor(ada.email, 'reset-password')).toBeUndefined();
    await wrong.stop();

    const { shell, sql } = procedureOf('A wrong clock');
    expect([shell.length, sql.length]).toEqual([1, 1]);
    await runSql(url, sql[0]!);
    const said = await runShell(shell, tmpdir(), environment);
    const [, signsFrom = ''] = /active {4}signs from (\S+)/.exec(said) ?? [];
    expect(new Date(signsFrom).getTime()).toBeLessThan(Date.now());

    const after = await nodeOn(url, environment);
    await after.sendMails();
    expect(after.mailbox.tokenFor(ada.email, 'reset-password')).toBeDefined();
    const { status, body } = await logIn(after, ada, ada.password);
    expect([status, await statusOf(me(after, body.access_token))]).toEqual([200, 200]);
    expect(await statusOf(refresh(after, future.body.refresh_token))).toBe(401);
    const keys = await runSql(url, 'select active_from from sallyport.signing_keys where active_from > now()');
    expect(keys).toEqual([]);
  });
});
