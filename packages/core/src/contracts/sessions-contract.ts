import { maxSessions } from '../model/session.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { secondsAfter } from '../model/policy.ts';
import { authenticationMethods } from '../model/proof.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame, expectThat, rejection } from './expect.ts';
import { firstPage, later, newSession, newUser, noon, sessionId } from './samples.ts';
import { addSession, type SessionsInstance } from './sessions-instance.ts';
import { sessionsEnds } from './sessions-ends.ts';
import { sessionsLists } from './sessions-lists.ts';
import { sessionsRotation } from './sessions-rotation.ts';
import { transactionPromises } from './transaction-promises.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** What `Sessions` and `WritableSessions` promise. */
export function sessionsContract(open: Open<SessionsInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...sessionsRotation, ...sessionsLists, ...sessionsEnds, ...inTransactions]);
}

const inTransactions = transactionPromises<Pick<Transaction, 'sessions'>, SessionsInstance>('a session', {
  async prepare({ arrange }) {
    const { id } = await arrange.user(newUser('Ada'));
    return [({ sessions }) => sessions.open(newSession(id, 'a'), maxSessions)];
  },
  look: async ({ sessions }) => (await sessions.findWithUser(sessionId('a')))?.user.email,
  shown: newUser('Ada').email,
  reads: ({ sessions }) => [
    () => sessions.findWithUser(sessionId('a')),
    () => sessions.listLive(1, { at: noon, usedSince: noon }, firstPage),
  ],
});

const promises: readonly PortPromise<SessionsInstance>[] = [
  {
    part: 'faithful',
    name: 'a session is returned as it was appended, with its methods, its times and its current user',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      const bare = await addSession(store, newSession(user.id, 'a'));
      const origin = { ip: '2001:db8::1', userAgent: 'curl/8 "é" \\', refreshedBy: 'curl/9 "é" \\' };
      const networks = ['2001:db8::/48', '203.0.113.0/24', ''];
      const places = { networks, fromNewNetwork: true, sharedAt: [noon, later] };
      const proof = { methods: [...authenticationMethods, 'hwk'], authenticatedAt: secondsAfter(noon, -1) };
      const full = await addSession(store, newSession(user.id, 'b', { ...origin, ...proof, ...places }));
      expectSame(await store.sessions.findWithUser(bare.id), { session: bare, user }, 'a session without origin');
      expectSame(await store.sessions.findWithUser(full.id), { session: full, user }, 'a session with one');
      await store.arrange.updateUser(user.id, { role: 'admin', isActive: false });
      const changed = { ...user, role: 'admin', isActive: false };
      expectSame(await store.sessions.findWithUser(bare.id), { session: bare, user: changed }, 'the user since then');
      expectSame(await store.sessions.findWithUser(sessionId('z')), undefined, 'a session that is not there');
    },
  },
  {
    part: 'faithful',
    name: 'a session that has ended is kept with the time of its end',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(user.id, 'a'));
      const other = await addSession(store, newSession(user.id, 'b'));
      const end = (at: Date) => store.unitOfWork.run(({ sessions }) => sessions.end(session.id, at));
      expectSame([await end(noon), await end(later)], [true, false], 'end, twice');
      const ended = { ...session, endedAt: noon };
      expectSame(await store.sessions.findWithUser(session.id), { session: ended, user }, 'the session');
      expectSame(await store.sessions.findWithUser(other.id), { session: other, user }, 'another session');
    },
  },
  {
    part: 'faithful',
    name: 'a session is ended once for its own user, and not for another one',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const session = await addSession(store, newSession(ada.id, 'a'));
      const end = (userId: number, id = session.id) =>
        store.unitOfWork.run(({ sessions }) => sessions.endOwn(userId, id, noon));
      expectSame(await end(bob.id), false, 'endOwn for another user');
      expectSame(await end(ada.id, sessionId('z')), false, 'endOwn of a session that does not exist');
      expectSame((await store.sessions.findWithUser(session.id))?.session, session, 'the session, untouched');
      expectSame([await end(ada.id), await end(ada.id)], [true, false], 'endOwn for its own user, twice');
      expectSame((await store.sessions.findWithUser(session.id))?.session.endedAt, noon, 'its end');
    },
  },
  {
    part: 'faithful',
    name: 'all sessions of one user end together, and are counted',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      for (const letter of ['a', 'b', 'c']) await addSession(store, newSession(ada.id, letter));
      await addSession(store, newSession(bob.id, 'd'));
      const end = () => store.unitOfWork.run(({ sessions }) => sessions.endAllOf(ada.id, noon));
      const live = async () => {
        const found = await Promise.all(
          ['a', 'b', 'c', 'd'].map((letter) => store.sessions.findWithUser(sessionId(letter))),
        );
        return found.filter((one) => one && !one.session.endedAt).map((one) => one?.session.id.charAt(0));
      };
      expectSame([await end(), await live()], [3, ['d']], 'all of one user');
      expectSame(await end(), 0, 'none left');
    },
  },
  {
    part: 'faithful',
    name: 'the sessions of one user that were unused for longest end, down to a number to keep',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const busy = { lastUsedAt: later, turnedAt: later };
      await addSession(store, newSession(ada.id, 'a', busy));
      await addSession(store, newSession(ada.id, 'b', { lastUsedAt: secondsAfter(noon, -1) }));
      await addSession(store, newSession(ada.id, 'c'));
      await addSession(store, newSession(ada.id, 'd', { ...busy, endedAt: later }));
      await addSession(store, newSession(bob.id, 'e'));
      let opened = 0;
      const open = async (letter: string, keep: number) => {
        opened += 1;
        const session = newSession(ada.id, letter, { createdAt: later, lastUsedAt: secondsAfter(later, opened) });
        return (await store.unitOfWork.run(({ sessions }) => sessions.open(session, keep))).ended;
      };
      const ended = async () => {
        const found = await Promise.all(letters.map((letter) => store.sessions.findWithUser(sessionId(letter))));
        return found.flatMap((one) => (one?.session.endedAt?.getTime() === later.getTime() ? one.session.id[0] : []));
      };
      expectSame([await open('f', 3), await ended()], [0, ['d']], 'as many as are kept');
      expectSame([await open('g', 3), await ended()], [1, ['b', 'd']], 'one more');
      expectSame([await open('h', 1), await ended()], [3, ['a', 'b', 'c', 'd', 'f']], 'all but one and the new one');
    },
  },
  {
    part: 'faithful',
    name: 'a session is locked with its user, and recognises the user agents of this user',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(user.id, 'a', { userAgent: 'curl/8' }));
      await store.unitOfWork.run(async ({ sessions }) => {
        expectSame(await sessions.lock(session.id), { session, user }, 'lock');
        expectSame(await sessions.lock(sessionId('z')), undefined, 'lock of one that is not there');
      });
      const bob = await store.arrange.user(newUser('Bob'));
      const isKnown = async (letter: string, userId: number, userAgent?: string) => {
        const opening = newSession(userId, letter, { userAgent });
        return (await store.unitOfWork.run(({ sessions }) => sessions.open(opening, maxSessions))).isKnownDevice;
      };
      expectSame(await isKnown('b', bob.id, 'curl/8'), false, 'the user agent of another user');
      expectSame(await isKnown('c', user.id, 'curl/9'), false, 'an unknown user agent');
      expectSame(await isKnown('d', user.id, 'curl/8'), true, 'a known user agent');
      expectSame([await isKnown('e', user.id), await isKnown('f', user.id)], [false, false], 'no user agent');
    },
  },
  {
    part: 'faithful',
    name: 'expired sessions are purged in batches',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const letter of ['a', 'b', 'c']) await addSession(store, newSession(id, letter, { expiresAt: noon }));
      const kept = await addSession(store, newSession(id, 'd', { expiresAt: later }));
      const purge = () => store.unitOfWork.run(({ sessions }) => sessions.purge(later, 2));
      expectSame([await purge(), await purge(), await purge()], [2, 1, 0], 'purge');
      expectSame((await store.sessions.findWithUser(kept.id))?.session, kept, 'the session that stays');
    },
  },
  {
    part: 'unique',
    name: 'a second session with the same id is rejected',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(id, 'a'));
      const again = await rejection(addSession(store, { ...session, ip: '192.0.2.1' }));
      expectThat(again instanceof Error, again, 'an Error', 'append of an id that exists');
      expectSame((await store.sessions.findWithUser(session.id))?.session, session, 'the first session');
    },
  },
  {
    part: 'faithful',
    name: 'a session whose user was deleted is neither found nor locked, but is purged',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const gone = await addSession(store, newSession(ada.id, 'a'));
      const kept = await addSession(store, newSession(bob.id, 'b'));
      await store.arrange.deleteUser(ada.id);
      expectSame(await store.sessions.findWithUser(gone.id), undefined, 'the session of the deleted user');
      expectSame(await store.sessions.findWithUser(kept.id), { session: kept, user: bob }, 'another session');
      await store.unitOfWork.run(async ({ sessions }) => {
        expectSame(await sessions.lock(gone.id), undefined, 'lock');
        expectSame(await sessions.purgeAllOf(ada.id, 10), 1, 'purgeAllOf');
      });
    },
  },
  {
    part: 'faithful',
    name: 'all sessions of one user are purged in batches, whatever their state',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const states = [{}, { endedAt: noon }, { expiresAt: noon }, { lastUsedAt: new Date(0) }, {}];
      for (const [n, state] of states.entries()) await addSession(store, newSession(ada.id, 'abcde'.charAt(n), state));
      const kept = await addSession(store, newSession(bob.id, 'f'));
      const purge = () => store.unitOfWork.run(({ sessions }) => sessions.purgeAllOf(ada.id, 2));
      expectSame([await purge(), await purge()], [2, 2], 'purgeAllOf of at most 2, twice');
      const left = await Promise.all('abcde'.split('').map((letter) => store.sessions.findWithUser(sessionId(letter))));
      expectSame(left.filter((one) => one !== undefined).length, 1, 'the number of sessions that are left');
      expectSame([await purge(), await purge()], [1, 0], 'purgeAllOf, twice more');
      expectSame((await store.sessions.findWithUser(kept.id))?.session, kept, 'the session of another user');
    },
  },
  {
    part: 'once',
    name: 'a session is ended by one of twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(id, 'a'));
      const outcomes = await race(() => store.unitOfWork.run(({ sessions }) => sessions.end(session.id, noon)));
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
    },
  },
];
