import { ManualClock } from '@sallyport/adapters-memory';
import type { MailKind } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import {
  admin,
  type Answer,
  linkTo as newestLinkTo,
  login,
  member,
  type Person,
  startServer,
  stores,
  type TestServer,
  unusedName,
} from './start-server.ts';

const invalidLink = [400, 'Invalid or expired token'];
const minute = 60;
const newPassword = 'newSecret456';

describe.each(stores)('recovery by mail on %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store, { clock });
    root = await admin(server);
  });
  afterAll(() => server.close());

  const post = (path: string, json?: unknown, token?: string) => server.request(`POST ${path}`, { json, token });
  const me = async (token: string) => (await server.request('GET /users/me', { token })).body;
  const newAddress = () => `${unusedName().toLowerCase()}@example.com`;
  const isDone = ({ status, headers, body }: Answer, expected = 204) =>
    expect([status, headers.get('Cache-Control'), body]).toEqual([expected, 'no-store', '']);

  /** The kinds of what is mailed to this address from now on. */
  async function mailedTo(address: string): Promise<readonly MailKind[]> {
    const { length } = server.mailbox.mails;
    await server.sendMails();
    return server.mailbox.mails
      .slice(length)
      .filter(({ to }) => to === address)
      .map(({ kind }) => kind);
  }

  const linkTo = (address: string, kind: MailKind) => newestLinkTo(server, address, kind);

  async function forgotten({ email }: Person): Promise<string> {
    await post('/auth/forgot-password', { email });
    return linkTo(email, 'reset-password');
  }

  /** No text that is no live token of this kind is told from another. */
  async function refusesOthers(path: string, live: string, rest: object): Promise<void> {
    const bent = [live.slice(0, -1), `${live}x`, `${live}=`, ` ${live}`, live.toUpperCase(), encodeURIComponent(live)];
    for (const token of ['', ' ', 'x', '\0', 'null', 'x'.repeat(100_000), ...bent.filter((text) => text !== live)]) {
      expect(problemOf(await post(path, { token, ...rest })), token.slice(0, 100)).toEqual(invalidLink);
    }
    for (const token of [null, undefined, 7, [live], { token: live }]) {
      expect(Object.keys(invalidOf(await post(path, { token, ...rest })))).toEqual(['/token']);
    }
  }

  describe('POST /auth/forgot-password', () => {
    const message = 'If that email exists, a reset link has been sent';

    it('says the same of every address, and mails the holder of an account alone', async () => {
      const [ada, idle] = [await member(server), await member(server)];
      await server.request('PATCH /users/me/deactivate', { token: idle.token });
      await server.sendMails();
      for (const [email, kinds] of [
        [ada.email, ['reset-password']],
        [` ${ada.email.toUpperCase()} `, ['reset-password']],
        [idle.email, []],
        ['nobody@example.com', []],
      ] as const) {
        const { status, headers, body } = await post('/auth/forgot-password', { email });
        expect([status, headers.get('Cache-Control'), body]).toEqual([200, 'no-store', { message }]);
        expect(await mailedTo(email.trim().toLowerCase()), email).toEqual(kinds);
      }
    });

    it('refuses what is no address', async () => {
      expect(invalidOf(await post('/auth/forgot-password', {}))).toEqual({ '/email': 'Field required' });
      const { status } = await post('/auth/forgot-password', { email: 'ada' });
      expect(status).toBe(422);
    });
  });

  describe('POST /auth/reset-password', () => {
    const reset = (token: string, password = newPassword) =>
      post('/auth/reset-password', { token, new_password: password });

    it('replaces the password, proves the address, and ends every session (CVE-2026-22706)', async () => {
      const person = await member(server);
      isDone(await reset(await forgotten(person)));
      expect(challengeOf(await server.request('GET /users/me', { token: person.token }))).toBe(
        'Invalid or expired token',
      );
      const refreshed = await post('/auth/refresh', { refresh_token: person.refreshToken });
      expect(problemOf(refreshed)).toEqual([401, 'Invalid or expired refresh token']);
      const { email, password } = person;
      expect(problemOf(await post('/auth/login', { email, password }))).toEqual([401, 'Invalid email or password']);
      expect((await me(await login(server, email, newPassword))).email_verified).toBe(true);
    });

    it('gives an address to its owner that an attacker registered before, and leaves the attacker nothing (better-auth #10239)', async () => {
      const attacker = await member(server);
      const other = await login(server, attacker.email, attacker.password);
      // The owner never registered: the link is all that they use.
      isDone(await reset(await forgotten(attacker)));
      for (const token of [attacker.token, other])
        expect((await server.request('GET /users/me', { token })).status).toBe(401);
      expect((await post('/auth/refresh', { refresh_token: attacker.refreshToken })).status).toBe(401);
      const { email, password } = attacker;
      expect((await post('/auth/login', { email, password })).status).toBe(401);
      expect(await me(await login(server, email, newPassword))).toMatchObject({
        id: attacker.id,
        email_verified: true,
      });
    });

    it('works once', async () => {
      const token = await forgotten(await member(server));
      isDone(await reset(token));
      expect(problemOf(await reset(token))).toEqual(invalidLink);
    });

    it('works for one of ten who come at once', async () => {
      const token = await forgotten(await member(server));
      const answers = await Promise.all(Array.from({ length: 10 }, () => reset(token)));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, ...Array(9).fill(400)]);
    });

    it('refuses a password that nobody should have, and leaves the link as it is', async () => {
      const person = await member(server);
      const token = await forgotten(person);
      for (const [password, detail] of [
        ['short1', 'Must be at least 8 characters'],
        ['12345678', 'Password cannot be only numbers'],
        ['onlyletters', 'Password must include at least one number'],
        ['password1', 'Password is among the most common ones'],
        [person.email, 'Password cannot be the e-mail address'],
      ] as const) {
        expect(invalidOf(await reset(token, password))).toEqual({ '/new_password': detail });
      }
      isDone(await reset(token));
    });

    it('tells no text from another that is no live link, the empty one too (CVE-2019-16109)', async () => {
      const person = await member(server);
      const token = await forgotten(person);
      await refusesOthers('/auth/reset-password', token, { new_password: newPassword });
      expect((await reset(token)).status).toBe(204);
    });

    it('knows no link any more once a newer one was mailed, and never one that is for something else', async () => {
      const person = await member(server);
      const [older, newer] = [await forgotten(person), await forgotten(person)];
      const other = await linkTo(person.email, 'verify-email');
      for (const token of [older, other, person.token, person.refreshToken]) {
        expect(problemOf(await reset(token))).toEqual(invalidLink);
      }
      isDone(await reset(newer));
    });

    it('knows a link for half an hour from when it was mailed', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const [early, late] = [await forgotten(ada), await forgotten(bob)];
      clock.advance(30 * minute - 1);
      isDone(await reset(early));
      clock.advance(1);
      expect(problemOf(await reset(late))).toEqual(invalidLink);
    });

    it('knows no link of who moved to another address, was deactivated or is gone', async () => {
      const [moved, idle, gone] = [await member(server), await member(server), await member(server)];
      const links = [await forgotten(moved), await forgotten(idle), await forgotten(gone)];
      const email = newAddress();
      await post('/users/me/email', { new_email: email, current_password: moved.password }, moved.token);
      isDone(await post('/auth/verify-email', { token: await linkTo(email, 'change-email') }));
      await server.request('PATCH /users/me/deactivate', { token: idle.token });
      await server.request('DELETE /users/me', { token: gone.token });
      for (const token of links) expect(problemOf(await reset(token))).toEqual(invalidLink);
    });
  });

  describe('POST /auth/verify-email', () => {
    const verify = (token: string) => post('/auth/verify-email', { token });

    it('proves the address by the link that registering mailed, and changes nothing else', async () => {
      const person = await member(server);
      const before = await me(person.token);
      const token = await linkTo(person.email, 'verify-email');
      isDone(await verify(token));
      expect(await me(person.token)).toEqual({ ...before, email_verified: true });
      expect(problemOf(await verify(token))).toEqual(invalidLink);
    });

    it('tells no text from another that is no live link', async () => {
      const person = await member(server);
      const token = await linkTo(person.email, 'verify-email');
      await refusesOthers('/auth/verify-email', token, {});
      expect(problemOf(await verify(await forgotten(person)))).toEqual(invalidLink);
      isDone(await verify(token));
    });

    it('knows a link for two days', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const links = [await linkTo(ada.email, 'verify-email'), await linkTo(bob.email, 'verify-email')] as const;
      clock.advance(48 * 60 * minute - 1);
      isDone(await verify(links[0]));
      clock.advance(1);
      expect(problemOf(await verify(links[1]))).toEqual(invalidLink);
    });
  });

  describe('POST /auth/verify-email/resend', () => {
    const resend = (token?: string) => post('/auth/verify-email/resend', undefined, token);

    it('answers 202 and mails another link, in place of the one before', async () => {
      const { email, token } = await member(server);
      const older = await linkTo(email, 'verify-email');
      isDone(await resend(token), 202);
      const newer = await linkTo(email, 'verify-email');
      expect(problemOf(await post('/auth/verify-email', { token: older }))).toEqual(invalidLink);
      isDone(await post('/auth/verify-email', { token: newer }));
    });

    it('answers the same and mails nothing where the address is proven', async () => {
      const { email, token } = await member(server);
      isDone(await post('/auth/verify-email', { token: await linkTo(email, 'verify-email') }));
      isDone(await resend(token), 202);
      expect(await mailedTo(email)).toEqual([]);
    });

    it('is for members', async () => {
      expect(challengeOf(await resend())).toBe('Not authenticated');
    });
  });

  describe('POST /users/me/email', () => {
    const change = ({ token, password }: Person, email: string, current = password) =>
      post('/users/me/email', { new_email: email, current_password: current }, token);

    it('moves the account once the link is used, and tells the old address', async () => {
      const person = await member(server);
      await server.sendMails();
      const [email, before] = [newAddress(), await me(person.token)];
      isDone(await change(person, ` ${email.toUpperCase()}`), 202);
      expect(await me(person.token)).toEqual(before);
      expect(await mailedTo(person.email)).toEqual(['email-change-requested']);

      const token = await linkTo(email, 'change-email');
      isDone(await post('/auth/verify-email', { token }));
      expect(await me(person.token)).toEqual({ ...before, email, email_verified: true });
      expect(await login(server, email, person.password)).toEqual(expect.any(String));
      const old = await post('/auth/login', { email: person.email, password: person.password });
      expect(problemOf(old)).toEqual([401, 'Invalid email or password']);
    });

    it('answers the same where the address is taken, and mails nothing there', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      await server.sendMails();
      isDone(await change(ada, bob.email), 202);
      expect(await mailedTo(bob.email)).toEqual([]);
    });

    it('moves nobody to an address that somebody took meanwhile', async () => {
      const [person, email] = [await member(server), newAddress()];
      await change(person, email);
      const token = await linkTo(email, 'change-email');
      await post('/auth/register', { name: 'Eve', email, password: 'secret123', age: 36 });
      expect(problemOf(await post('/auth/verify-email', { token }))).toEqual(invalidLink);
      expect((await me(person.token)).email).toBe(person.email);
    });

    it('asks for the current password', async () => {
      const person = await member(server);
      const email = newAddress();
      expect(problemOf(await change(person, email, 'secret124'))).toEqual([400, 'Current password is incorrect']);
      expect(await mailedTo(email)).toEqual([]);
      const required = 'Field required';
      const nothing = { '/new_email': required, '/current_password': required };
      expect(invalidOf(await post('/users/me/email', {}, person.token))).toEqual(nothing);
    });
  });

  describe('POST /admin/users/{id}/password-reset', () => {
    const send = (id: number) => post(`/admin/users/${id}/password-reset`, undefined, token);
    let token = '';
    beforeAll(async () => {
      token = await login(server, root.email, root.password);
    });

    it('answers 202 and mails the user the link, which the admin never sees', async () => {
      const person = await member(server);
      isDone(await send(person.id), 202);
      const link = await linkTo(person.email, 'reset-password');
      isDone(await post('/auth/reset-password', { token: link, new_password: newPassword }));
      expect((await me(await login(server, person.email, newPassword))).id).toBe(person.id);
    });

    it('does not find who is not there', async () => {
      expect(problemOf(await send(999_999))).toEqual([404, 'User not found']);
    });
  });
});
