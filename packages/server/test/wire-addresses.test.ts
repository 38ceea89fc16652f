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

describe.each(storeOfEachAdapter)('addresses and their links on %s', (store) => {
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

  const eventsOf = async ({ id }: Person, type: string): Promise<any[]> => {
    const token = await login(server, root.email, root.password);
    return (await server.request(`GET /admin/audit?subject_id=${id}&type=${type}`, { token })).body;
  };

  describe('POST /auth/verify-email', () => {
    const verify = (token: string) => post('/auth/verify-email', { token });

    it('proves the address by the link that registering mailed, and changes nothing else', async () => {
      const person = await member(server);
      const before = await me(person.token);
      const token = await linkTo(person.email, 'verify-email');
      isDone(await verify(token));
      expect(await me(person.token)).toEqual({ ...before, email_verified: true });
    });

    it('answers 204 as often as the link is opened, and verifies once', async () => {
      const person = await member(server);
      const token = await linkTo(person.email, 'verify-email');
      for (let count = 0; count < 3; count += 1) isDone(await verify(token));
      const answers = await Promise.all(Array.from({ length: 5 }, () => verify(token)));
      for (const answer of answers) isDone(answer);
      expect(await eventsOf(person, 'user.email_verified')).toHaveLength(1);
      clock.advance(48 * 60 * minute);
      expect(problemOf(await verify(token))).toEqual(invalidLink);
    });

    it('answers 204 to each of three links, also after another one has verified the address', async () => {
      const person = await member(server);
      const links = [await linkTo(person.email, 'verify-email')];
      for (let count = 0; count < 2; count += 1) {
        await post('/auth/verify-email/resend', undefined, person.token);
        links.push(await linkTo(person.email, 'verify-email'));
      }
      expect(new Set(links).size).toBe(3);
      for (const link of links) isDone(await verify(link));
      expect(await eventsOf(person, 'user.email_verified')).toHaveLength(1);
    });

    it('answers 400 to a link that was used, once the account has another address', async () => {
      const person = await member(server);
      const token = await linkTo(person.email, 'verify-email');
      isDone(await verify(token));
      const email = newAddress();
      await post('/users/me/email', { new_email: email, current_password: person.password }, person.token);
      isDone(await verify(await linkTo(email, 'change-email')));
      expect(problemOf(await verify(token))).toEqual(invalidLink);
      expect(await me(person.token)).toMatchObject({ email, email_verified: true });
    });

    it('answers 400 to a link that was used, once an admin has withdrawn the verification', async () => {
      const person = await member(server);
      const token = await linkTo(person.email, 'verify-email');
      isDone(await verify(token));
      const json = { email_verified: false };
      const admin = await login(server, root.email, root.password);
      await server.request(`PATCH /admin/users/${person.id}`, { token: admin, json });
      expect(problemOf(await verify(token))).toEqual(invalidLink);
      expect((await me(person.token)).email_verified).toBe(false);
    });

    it('answers 400 to a link of an account that is deactivated or closed, used or not', async () => {
      for (const way of ['PATCH /users/me/deactivate', 'DELETE /users/me']) {
        const [used, unused] = [await member(server), await member(server)];
        const links = [await linkTo(used.email, 'verify-email'), await linkTo(unused.email, 'verify-email')];
        isDone(await verify(links[0] ?? ''));
        for (const { token } of [used, unused]) await server.request(way, { token });
        for (const link of links) expect(problemOf(await verify(link))).toEqual(invalidLink);
      }
    });

    it('tells no text from another that is no live link', async () => {
      const person = await member(server);
      const token = await linkTo(person.email, 'verify-email');
      await refusesOthers(server, '/auth/verify-email', token, {});
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

    it('answers 202 and mails another link, of which the three newest are valid', async () => {
      const { email, token } = await member(server);
      const links = [await linkTo(email, 'verify-email')];
      for (let count = 0; count < 3; count += 1) {
        clock.advance(1);
        isDone(await resend(token), 202);
        links.push(await linkTo(email, 'verify-email'));
      }
      const [oldest = '', ...valid] = links;
      expect(problemOf(await post('/auth/verify-email', { token: oldest }))).toEqual(invalidLink);
      expect((await me(token)).email_verified).toBe(false);
      for (const link of valid) isDone(await post('/auth/verify-email', { token: link }));
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

    it('moves the account once, and answers 204 to a link that is opened again', async () => {
      const [person, email] = [await member(server), newAddress()];
      await change(person, email);
      const token = await linkTo(email, 'change-email');
      for (let count = 0; count < 3; count += 1) isDone(await post('/auth/verify-email', { token }));
      expect(await eventsOf(person, 'user.email_changed')).toHaveLength(1);
      expect(await eventsOf(person, 'user.email_verified')).toHaveLength(0);

      const next = newAddress();
      await change({ ...person, email }, next);
      isDone(await post('/auth/verify-email', { token: await linkTo(next, 'change-email') }));
      expect(problemOf(await post('/auth/verify-email', { token }))).toEqual(invalidLink);
      expect((await me(person.token)).email).toBe(next);
    });

    it('follows the link that is used first of those to several addresses', async () => {
      const person = await member(server);
      const [first, second] = [newAddress(), newAddress()];
      await change(person, first);
      await change(person, second);
      const links = [await linkTo(first, 'change-email'), await linkTo(second, 'change-email')];
      isDone(await post('/auth/verify-email', { token: links[0] }));
      expect(problemOf(await post('/auth/verify-email', { token: links[1] }))).toEqual(invalidLink);
      expect((await me(person.token)).email).toBe(first);
    });

    it("answers 202 to the member's own address, and does nothing", async () => {
      const person = await member(server);
      await server.sendMails();
      isDone(await change(person, person.email.toUpperCase()), 202);
      expect(await mailedTo(person.email)).toEqual([]);
      expect(await eventsOf(person, 'user.email_change_requested')).toEqual([]);
    });

    it('answers the same where the address is taken, and mails nothing there', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      await server.sendMails();
      isDone(await change(ada, bob.email), 202);
      expect(await mailedTo(bob.email)).toEqual([]);
    });

    it('moves no account to an address that another account took meanwhile', async () => {
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
});
