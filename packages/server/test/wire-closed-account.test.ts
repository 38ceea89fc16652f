import type { Transaction, UnitOfWork } from '@sallyport/core';
import type { PostsTransaction } from '@sallyport/core/posts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ports, wrap } from '../src/index.ts';
import { invalidLink } from './mailed-link.ts';
import { challengeOf, problemOf } from './problem.ts';
import { admin, linkTo, mailedTo, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const notFound = [404, 'Post not found'];

describe.each(stores)('a closed account on %s', (store) => {
  let server: TestServer;
  let root: Person;
  let bob: Person;
  let unitOfWork: UnitOfWork<Transaction & PostsTransaction>;
  beforeAll(async () => {
    const keep = wrap(ports.unitOfWork, (inner) => {
      unitOfWork = inner;
      return inner;
    });
    server = await startServer(store, { overrides: [keep] });
    root = await admin(server);
    bob = await member(server);
  });
  afterAll(() => server.close());

  const as = ({ token }: Partial<Person>, methodAndPath: string, json?: unknown) =>
    server.request(methodAndPath, { token, json });
  /** Does what the workers do, to the end; the number of steps. */
  async function purge(): Promise<number> {
    for (let steps = 1; ; steps += 1)
      if (!(await server.application.purgeClosedAccounts.execute(server.system))) return steps;
  }
  /** How many rows of each kind are left of an account, a hundred at most; they are gone afterwards. */
  const takeRowsOf = ({ id }: Person) =>
    unitOfWork.run(async ({ posts, sessions, oneTimeTokens }) => [
      await posts.purgeAllOf(id, 100),
      await sessions.purgeAllOf(id, 100),
      await oneTimeTokens.purgeAllOf(id, 100),
    ]);

  /** A member with a published post, a draft and a mailed link. */
  async function someone() {
    const person = await member(server);
    const [post, draft] = [(await as(person, 'POST /posts', text)).body, (await as(person, 'POST /posts', text)).body];
    await as(person, `PATCH /posts/${post.id}`, { published: true });
    return { person, post, draft, link: await linkTo(server, person.email, 'verify-email') };
  }

  const ways = [
    ['its owner', (person: Person) => as(person, 'DELETE /users/me')],
    ['an admin', ({ id }: Person) => as(root, `DELETE /admin/users/${id}`)],
  ] as const;

  it.each(ways)('disappears at once when %s closes it, and its rows in the background', async (_, close) => {
    const { person, post, draft, link } = await someone();
    await purge();
    expect((await close(person)).status).toBe(204);

    const isGone = async () => {
      for (const caller of [{}, bob, root]) {
        for (const { id } of [post, draft]) expect(problemOf(await as(caller, `GET /posts/${id}`))).toEqual(notFound);
        const listed = (await as(caller, 'GET /posts?limit=100')).body.map(({ author_id: author }: any) => author);
        expect(listed).not.toContain(person.id);
      }
      for (const method of ['PATCH', 'DELETE']) {
        expect(problemOf(await as(root, `${method} /posts/${post.id}`, { title: 'Taken over' }))).toEqual(notFound);
      }
      expect((await as(root, `GET /admin/users?search=${person.email}`)).body).toEqual([]);
      for (const path of [`/admin/users/${person.id}`, `/admin/users/${person.id}/sessions`, `/users/${person.id}`]) {
        expect(problemOf(await as(root, `GET ${path}`))).toEqual([404, 'User not found']);
      }
      expect(challengeOf(await as(person, 'GET /users/me'))).toBe('User no longer exists');
      expect(challengeOf(await as(person, 'POST /posts', text))).toBe('User no longer exists');
      const refreshed = await as({}, 'POST /auth/refresh', { refresh_token: person.refreshToken });
      expect(problemOf(refreshed)).toEqual([401, 'Invalid or expired refresh token']);
      expect(problemOf(await as({}, 'POST /auth/verify-email', { token: link }))).toEqual(invalidLink);
      const { email, password } = person;
      expect(problemOf(await as({}, 'POST /auth/login', { email, password }))).toEqual([
        401,
        'Invalid email or password',
      ]);
    };
    await isGone();
    expect(await purge()).toBeGreaterThan(1);
    await isGone();
    expect(await takeRowsOf(person)).toEqual([0, 0, 0]);
    expect(await purge()).toBe(1);
  });

  it('keeps its rows until the workers come', async () => {
    const { person } = await someone();
    await as(person, 'DELETE /users/me');
    expect(await takeRowsOf(person)).toEqual([2, 1, 1]);
    await purge();
  });

  it('leaves its name and address to the next account at once, which has nothing to do with it', async () => {
    const { person, post } = await someone();
    await as(person, 'DELETE /users/me');
    const { email, password } = person;
    const json = { name: 'Successor', email, password, age: 36 };
    const { status, body } = await as({}, 'POST /auth/register', json);
    expect([status, body.id]).not.toEqual([201, person.id]);
    expect(status).toBe(201);
    await purge();
    const token = (await as({}, 'POST /auth/login', { email, password })).body.access_token;
    expect((await as({ token }, 'GET /users/me')).body.id).toBe(body.id);
    expect((await as({ token }, 'GET /posts/my')).body).toEqual([]);
    expect(problemOf(await as({ token }, `GET /posts/${post.id}`))).toEqual(notFound);
    expect(challengeOf(await as(person, 'GET /users/me'))).toBe('User no longer exists');
  });

  it('leaves the posts of others, and what the audit says of it', async () => {
    const [{ person }, other] = [await someone(), await someone()];
    await as(person, 'DELETE /users/me');
    await purge();
    expect((await as({}, `GET /posts/${other.post.id}`)).status).toBe(200);
    expect((await as(other.person, 'GET /users/me')).status).toBe(200);
    const { body } = await as(root, `GET /admin/audit?subject_id=${person.id}`);
    expect(body.map(({ type }: any) => type)).toEqual(expect.arrayContaining(['user.deleted', 'user.registered']));
  });

  it('gets no mail that was queued before, but is told of the end', async () => {
    const person = await member(server);
    await server.sendMails();
    await as({}, 'POST /auth/forgot-password', { email: person.email });
    await as(person, 'POST /auth/verify-email/resend');
    await as(person, 'DELETE /users/me');
    expect(await mailedTo(server, person.email)).toEqual(['verify-email', 'account-closed']);
  });
});
