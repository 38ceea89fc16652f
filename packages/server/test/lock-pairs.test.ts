import { type Admin, type Application, isSallyportError, requireAdmin, type System, type Users } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { ports, wrap } from '../src/index.ts';
import { admin, anotherAdmin, linkTo, type Person, startServer, type TestServer } from './start-server.ts';

/** How often each pair meets. `npm run test:locks` sets it; without it, each write meets four or five others, once. */
const { LOCK_ROUNDS } = process.env;
const rounds = Number(LOCK_ROUNDS ?? 1);
const racers = 16;

const post = { title: 'A first post', content: 'Twenty characters or more of it.' };

/** One of two admins who act on themselves and on each other, and the caller for what runs in the background. */
interface Side {
  readonly system: System;
  readonly person: Person;
  readonly self: Admin;
  readonly other: Admin;
  readonly ownPost: number;
  readonly othersPost: number;
  readonly resetLink: string;
  readonly verifyLink: string;
  readonly changeLink: string;
  /** An account without a password, and the link that sets one. */
  readonly invited: number;
  readonly invitation: string;
}

type Write = (application: Application, side: Side) => Promise<unknown>;

/** Every write that locks an account, a session, a link, a mail or a post, or removes one. */
const writes: Readonly<Record<string, Write>> = {
  register: (app, { person: { email, password } }) =>
    app.register.execute({}, { name: 'Racer', profile: { age: 36 }, email: `again.${email}`, password }),
  login: (app, { person }) => app.login.execute({}, person),
  refresh: (app, { person }) => app.refresh.execute({}, person),
  revoke: (app, { person }) => app.revoke.execute({}, { token: person.refreshToken }),
  logout: (app, { self }) => app.logout.execute(self),
  'end own session': (app, { self }) => app.endSession.execute(self, { id: self.sessionId }),
  "end another member's session": (app, { self, other }) => app.endSession.execute(self, { id: other.sessionId }),
  'end all sessions': (app, { self }) => app.endAllSessions.execute(self),
  'change password': (app, { self, person: { password } }) =>
    app.changePassword.execute(self, { currentPassword: password, newPassword: 'newSecret456' }),
  'wrong current password': (app, { self }) =>
    app.changePassword.execute(self, { currentPassword: 'wrong-1', newPassword: 'newSecret456' }),
  'change e-mail': (app, { self, person: { email, password } }) =>
    app.changeEmail.execute(self, { newEmail: `new.${email}`, currentPassword: password }),
  'reset password': (app, { resetLink }) =>
    app.resetPassword.execute({}, { token: resetLink, newPassword: 'newSecret789' }),
  'verify e-mail': (app, { verifyLink }) => app.verifyEmail.execute({}, { token: verifyLink }),
  'confirm change of e-mail': (app, { changeLink }) => app.verifyEmail.execute({}, { token: changeLink }),
  'resend verification': (app, { self }) => app.resendVerification.execute(self),
  'update profile': (app, { self }) => app.updateProfile.execute(self, { profile: { city: 'Ockham' } }),
  deactivate: (app, { self }) => app.deactivate.execute(self),
  'delete account': (app, { self }) => app.deleteAccount.execute(self),
  'create post': (app, { self }) => app.use(posts).createPost.execute(self, post),
  'update own post': (app, { self, ownPost: id }) => app.use(posts).updatePost.execute(self, { id, published: true }),
  "update another's post": (app, { self, othersPost: id }) =>
    app.use(posts).updatePost.execute(self, { id, published: true }),
  'delete own post': (app, { self, ownPost: id }) => app.use(posts).deletePost.execute(self, { id }),
  "delete another's post": (app, { self, othersPost: id }) => app.use(posts).deletePost.execute(self, { id }),
  'demote user': (app, { self, other }) => app.changeRole.execute(self, { id: other.user.id, role: 'user' }),
  'activate user': (app, { self, other }) => app.activateUser.execute(self, { id: other.user.id }),
  'deactivate user': (app, { self, other }) => app.deactivateUser.execute(self, { id: other.user.id }),
  'delete user': (app, { self, other }) => app.deleteUser.execute(self, { id: other.user.id }),
  'end user sessions': (app, { self, other }) => app.endUserSessions.execute(self, { id: other.user.id }),
  'create user': (app, { self, person: { email } }) =>
    app.createUser.execute(self, { name: 'Created', email: `created.${email}` }),
  'correct user': (app, { self, other }) =>
    app.correctUser.execute(self, { id: other.user.id, name: 'Corrected', email: `corrected.${other.user.email}` }),
  'correct oneself': (app, { self }) =>
    app.correctUser.execute(self, { id: self.user.id, emailVerified: true, profile: { city: 'Turin' } }),
  'invite user': (app, { self, invited: id }) => app.inviteUser.execute(self, { id }),
  'accept invitation': (app, { invitation: token }) =>
    app.resetPassword.execute({}, { token, newPassword: 'newSecret789' }),
  'send password reset': (app, { self, other }) => app.sendPasswordReset.execute(self, { id: other.user.id }),
  'bootstrap admin': (app, { system }) =>
    app.bootstrapAdmin.execute(system, { email: 'first@example.com', password: 'admin secret 123' }),
  'import users': (app, { system, self: { user }, person: { email } }) =>
    app.importUsers.execute(system, {
      records: [
        { id: user.id + 1_000_000, name: 'Imported', email: `imported.${email}` },
        { name: 'Racer', email: `again.${email}` },
      ],
    }),
  'import posts': (app, { system, self, other }) =>
    app.use(posts).importPosts.execute(system, {
      records: [self, other].map(({ user: { id } }) => ({ ...post, id: id + 1_000_000, authorId: id })),
    }),
  'send mails': (app, { system }) => app.sendMails.execute(system),
  'purge expired': (app, { system }) => app.purgeExpired.execute(system),
  'purge closed accounts': (app, { system }) => app.purgeClosedAccounts.execute(system),
};

/** The writes that are always refused. */
const refused = ["end another member's session", 'wrong current password'];

/**
 * Has `bootstrapAdmin` find no admin before its transaction, as on a node that looked before another node created
 * one: otherwise it would end without a lock.
 */
const beforeTheFirstAdmin = wrap(ports.users, (users) => {
  const list: Users['list'] = async (filter, page) => (filter.role === 'admin' ? [] : users.list(filter, page));
  return {
    findById: (id) => users.findById(id),
    findCredentials: (key) => users.findCredentials(key),
    listCredentials: (page) => users.listCredentials(page),
    list,
  };
});

const names = Object.keys(writes);
const pairs = names.flatMap((one, n) =>
  names
    .slice(n)
    .filter((_, distance) => LOCK_ROUNDS !== undefined || (2 * n + distance) % 9 === 0)
    .map((other) => [one, other] as const),
);

describe('each pair of writes that meet on Postgres', () => {
  let url: string;
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    ({ url } = await createDatabase());
    server = await startServer('Postgres', { environment: { DATABASE_URL: url }, overrides: [beforeTheFirstAdmin] });
    root = await admin(server);
  });

  async function twoSides(): Promise<readonly [Side, Side]> {
    const { application } = server;
    const people = [await anotherAdmin(server, root), await anotherAdmin(server, root)] as const;
    const parts = await Promise.all(
      people.map(async (person) => {
        const self = requireAdmin(await application.authenticate.execute({}, { accessToken: person.token }));
        const { id: ownPost } = await application.use(posts).createPost.execute(self, post);
        await application.use(posts).updatePost.execute(self, { id: ownPost, published: true });
        const { email, password } = person;
        await application.forgotPassword.execute({}, { email });
        await application.changeEmail.execute(self, { newEmail: `moved.${email}`, currentPassword: password });
        const invitee = { name: 'Invited', email: `invited.${email}` };
        const { id: invited } = await application.createUser.execute(self, invitee);
        return { system: server.system, person, self, ownPost, invited, invitee };
      }),
    );
    const [one, other] = parts as [(typeof parts)[0], (typeof parts)[0]];
    const sideOf = async (own: typeof one, foreign: typeof one): Promise<Side> => ({
      ...own,
      other: foreign.self,
      othersPost: foreign.ownPost,
      resetLink: await linkTo(server, own.person.email, 'reset-password'),
      verifyLink: await linkTo(server, own.person.email, 'verify-email'),
      changeLink: await linkTo(server, `moved.${own.person.email}`, 'change-email'),
      invitation: await linkTo(server, own.invitee.email, 'invitation'),
    });
    return [await sideOf(one, other), await sideOf(other, one)];
  }

  /** Sixteen at once: either write, from either side. Says which succeeded, and what else came than a refusal. */
  async function meet(one: string, other: string): Promise<{ succeeded: string[]; wrong: unknown[] }> {
    const sides = await twoSides();
    const race = Array.from({ length: racers }, (_, n) => (n % 2 === 0 ? one : other));
    const outcomes = await Promise.allSettled(
      race.map((name, n) => writes[name]!(server.application, sides[(n >> 1) % 2]!)),
    );
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    return {
      succeeded: race.filter((_, n) => outcomes[n]?.status === 'fulfilled'),
      wrong: reasons.filter((reason) => !isSallyportError(reason) || reason.code === 'unavailable'),
    };
  }

  it(`never wait in a circle: ${pairs.length} pairs, ${racers} at once`, { timeout: 600_000 * rounds }, async () => {
    const wrong: unknown[] = [];
    const idle = new Set(pairs.filter((pair) => !pair.every((name) => refused.includes(name))));
    const succeeded = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      for (const pair of pairs) {
        const outcome = await meet(...pair);
        wrong.push(...outcome.wrong.map((reason) => [...pair, reason]));
        if (outcome.succeeded.length > 0) idle.delete(pair);
        for (const name of outcome.succeeded) succeeded.add(name);
      }
    }
    expect(wrong).toEqual([]);
    expect([...idle], 'pairs of which no write ever succeeded').toEqual([]);
    const met = new Set(pairs.flat());
    expect([...met].filter((name) => !succeeded.has(name)).toSorted()).toEqual(refused.toSorted());
    // Connections report their deadlocks at the latest when they end.
    await server.close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select deadlocks from pg_stat_database where datname = current_database()');
    await client.end();
    expect(rows).toEqual([{ deadlocks: '0' }]);
  });
});
