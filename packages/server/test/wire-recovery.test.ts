import { ManualClock } from '@sallyport/adapters-memory/testing';
import type { MailKind } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invalidLink, isDone, refusesOthers } from './mailed-link.ts';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import {
  admin,
  linkTo as newestLinkTo,
  login,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
  unusedName,
} from './start-server.ts';

const minute = 60;
const newPassword = 'newSecret456';

describe.each(storeOfEachAdapter)('recovery by mail on %s', (store) => {
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

    it('refuses a forbidden password, and leaves the link valid', async () => {
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
      await refusesOthers(server, '/auth/reset-password', token, { new_password: newPassword });
      expect((await reset(token)).status).toBe(204);
    });

    it.each([0, 1, 2])('works with any of the three newest links, of which number %i is used', async (index) => {
      const person = await member(server);
      const links: string[] = [];
      for (let count = 0; count < 4; count += 1) {
        links.push(await forgotten(person));
        clock.advance(1);
      }
      const [oldest = '', ...valid] = links;
      expect(new Set(links).size).toBe(4);
      expect(problemOf(await reset(oldest))).toEqual(invalidLink);
      isDone(await reset(valid[index] ?? ''));
      await login(server, person.email, newPassword);
      for (const link of links) expect(problemOf(await reset(link, 'another789'))).toEqual(invalidLink);
    });

    it('works for one of three who come at once with three links', async () => {
      const person = await member(server);
      const links = [await forgotten(person), await forgotten(person), await forgotten(person)];
      const answers = await Promise.all(links.map((link) => reset(link)));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 400, 400]);
    });

    it('keeps what was mailed for another purpose beside its three links, and takes none of it for a reset', async () => {
      const person = await member(server);
      const verification = await linkTo(person.email, 'verify-email');
      const link = await forgotten(person);
      for (const token of [verification, person.token, person.refreshToken]) {
        expect(problemOf(await reset(token))).toEqual(invalidLink);
      }
      for (let count = 0; count < 3; count += 1) {
        clock.advance(1);
        await forgotten(person);
      }
      isDone(await post('/auth/verify-email', { token: verification }));
      expect(problemOf(await reset(link))).toEqual(invalidLink);
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
