import { isSallyportError } from '../model/errors.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { expectRefusal, expectSame, expectThat, rejection } from './expect.ts';
import { addPost, addSession, addUser, newPost, newSession, newUser, noon } from './samples.ts';
import { firstPage, type StorePromise } from './store-promise.ts';

/** What transactions promise. */
export const unitOfWorkPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'returns what its work returns, and keeps what it wrote',
    async holds(store) {
      const user = await store.unitOfWork.run(async ({ users, sessions }) => {
        const appended = await users.append(newUser('Ada'));
        await sessions.append(newSession(appended.id, 'a'));
        expectSame((await users.lockCredentials(appended.id))?.user, appended, 'work sees its own writes');
        return appended;
      });
      expectSame((await store.sessions.findWithUser(newSession(user.id, 'a').id))?.user, user, 'the session');
    },
  },
  {
    part: 'rolled back',
    name: 'undoes everything when its work throws, and passes the error on',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const session = await addSession(store, newSession(user.id, 'a'));
      const post = await addPost(store, newPost(user.id));
      const reason = new Error('changed my mind');
      const error = await rejection(
        store.unitOfWork.run(async ({ users, sessions, posts }) => {
          await users.append(newUser('Bob'));
          await users.update(user.id, { name: 'Countess' });
          await users.setPasswordHash(user.id, 'another');
          await sessions.end(session.id, noon);
          await posts.update(post.id, { published: true });
          await posts.append(newPost(user.id));
          await users.delete(user.id);
          throw reason;
        }),
      );
      expectThat(error === reason, 'run rejects with what work threw');
      expectSame(await store.users.list({}, firstPage), [user], 'the users');
      expectSame((await store.users.findCredentials({ id: user.id }))?.passwordHash, 'hash of Ada', 'the hash');
      expectSame((await store.sessions.findWithUser(session.id))?.session, session, 'the session');
      expectSame(await store.posts.list({}, firstPage), [post], 'the posts');
    },
  },
  {
    part: 'rolled back',
    name: 'undoes everything when one of its methods refuses, even where work takes no notice',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const careless = store.unitOfWork.run(async ({ users }) => {
        await users.update(user.id, { city: 'Bath' });
        await rejection(users.append(newUser('Bob', { email: user.email })));
        return 'all is well';
      });
      await expectRefusal(careless, 'email_taken', 'run');
      expectSame(await store.users.list({}, firstPage), [user], 'the users');
    },
  },
  {
    part: 'rolled back',
    name: 'keeps the evidence of a refusal that is returned',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const { id } = await addSession(store, newSession(user.id, 'a'));
      const verdict = await store.unitOfWork.run(async ({ sessions }) => {
        await sessions.end(id, noon);
        return 'refused';
      });
      expectSame(verdict, 'refused', 'the verdict');
      expectSame((await store.sessions.findWithUser(id))?.session.endedAt, noon, 'the end of the session');
    },
  },
  {
    part: 'isolated',
    name: 'shows nobody what is not committed',
    async holds(store) {
      let seen: Promise<unknown> = Promise.resolve();
      let look: () => void = () => {};
      const written = new Promise<void>((resolve) => {
        look = resolve;
      });
      // The look starts outside of the work, so it is not refused; a store with one connection lets it wait.
      const onlooker = written.then(() => {
        seen = store.users.list({}, firstPage);
      });
      await rejection(
        store.unitOfWork.run(async ({ users }) => {
          await users.append(newUser('Ada'));
          look();
          for (let n = 0; n < 10; n += 1) await users.lockActiveAdmins();
          throw new Error('never mind');
        }),
      );
      await onlooker;
      expectSame(await seen, [], 'what others see');
    },
  },
  {
    part: 'isolated',
    name: 'refuses a transaction within a transaction, at once',
    async holds(store) {
      let error: unknown;
      await store.unitOfWork.run(async () => {
        error = await rejection(store.unitOfWork.run(async () => {}));
      });
      expectNested(error);
      await addUser(store, 'Ada');
    },
  },
  {
    part: 'isolated',
    name: 'refuses reads past the transaction, at once, and allows them again behind it',
    async holds(store) {
      const { users, sessions, posts } = store;
      const reads: (() => Promise<unknown>)[] = [
        () => users.findById(1),
        () => users.findCredentials({ id: 1 }),
        () => users.list({}, firstPage),
        () => sessions.findWithUser(newSession(1, 'a').id),
        () => posts.findWithAuthor(1),
        () => posts.list({}, firstPage),
        () => sessions.listLive(1, { at: noon, usedSince: noon }),
        () => store.oneTimeTokens.findUser('digest', ['reset-password'], noon),
        () => store.audit.list({}, firstPage),
        () => store.keys.list(),
      ];
      for (const read of reads) {
        let error: unknown;
        await store.unitOfWork.run(async () => {
          error = await rejection(read());
        });
        expectNested(error);
        await read();
      }
    },
  },
  {
    part: 'isolated',
    name: 'lets transactions that start together all come through',
    async holds(store) {
      const names = ['Ada', 'Bob', 'Cid', 'Dan', 'Eve'];
      await Promise.all(names.map((name) => addUser(store, name)));
      expectSame((await store.users.list({}, firstPage)).length, names.length, 'users');
    },
  },
  {
    part: 'isolated',
    name: 'takes no writes once it is over',
    async holds(store) {
      let kept: Transaction | undefined;
      await store.unitOfWork.run(async (transaction) => {
        kept = transaction;
      });
      const late = kept && (await rejection(kept.users.append(newUser('Ada'))));
      expectThat(late instanceof Error, 'A transaction that is over throws');
      expectSame(await store.users.list({}, firstPage), [], 'the users');
    },
  },
  {
    part: 'isolated',
    name: 'keeps what it was given apart from what the caller does to it',
    async holds(store) {
      const fields = { ...newUser('Ada'), createdAt: new Date(noon) };
      const { id } = await store.unitOfWork.run(({ users }) => users.append(fields));
      fields.createdAt.setTime(0);
      const found = await store.users.findById(id);
      expectSame(found?.createdAt, noon, 'the date that was given');
      found?.createdAt.setTime(0);
      expectSame((await store.users.findById(id))?.createdAt, noon, 'the date that was returned');
    },
  },
];

function expectNested(error: unknown): void {
  expectThat(error instanceof Error && !isSallyportError(error), `An Error was promised, got ${String(error)}`);
}
