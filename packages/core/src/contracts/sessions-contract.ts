import { secondsAfter } from '../model/policy.ts';
import type { Session } from '../model/session.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectRefusal, expectSame, expectThat, rejection } from './expect.ts';
import { later, newSession, newUser, noon, sessionId } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** An instance of `Sessions` for its contract. */
export interface SessionsInstance {
  readonly sessions: Sessions;
  readonly unitOfWork: UnitOfWorkOn<'sessions'>;
  readonly arrange: ArrangeUsers;
}

/** What `Sessions` and `WritableSessions` promise. */
export function sessionsContract(open: Open<SessionsInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

async function addSession({ unitOfWork }: SessionsInstance, session: Session): Promise<Session> {
  await unitOfWork.run(({ sessions }) => sessions.append(session));
  return session;
}

const inTransactions = transactionPromises<'sessions', SessionsInstance>('a session', {
  async prepare({ arrange }) {
    const { id } = await arrange.user(newUser('Ada'));
    return [({ sessions }) => sessions.append(newSession(id, 'a'))];
  },
  look: async ({ sessions }) => (await sessions.findWithUser(sessionId('a')))?.user.email,
  shown: newUser('Ada').email,
  reads: ({ sessions }) => [
    () => sessions.findWithUser(sessionId('a')),
    () => sessions.listLive(1, { at: noon, usedSince: noon }),
    () => sessions.liveAddresses(newUser('Ada').email, { at: noon, usedSince: noon }),
  ],
});

const promises: readonly PortPromise<SessionsInstance>[] = [
  {
    part: 'faithful',
    name: 'a session is returned as it was appended, with its current user',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      const bare = await addSession(store, newSession(user.id, 'a'));
      const full = await addSession(store, newSession(user.id, 'b', { ip: '2001:db8::1', userAgent: 'curl/8 "é" \\' }));
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
      const endBeyond = (keep: number) =>
        store.unitOfWork.run(({ sessions }) => sessions.endBeyond(ada.id, keep, later));
      const endedAt = (letter: string) =>
        store.sessions.findWithUser(sessionId(letter)).then((found) => found?.session.endedAt);
      expectSame([await endBeyond(3), await endBeyond(2), await endBeyond(2)], [0, 1, 0], 'endBeyond');
      const ends = [await endedAt('a'), await endedAt('b'), await endedAt('c'), await endedAt('e')];
      expectSame(ends, [undefined, later, undefined, undefined], 'who ended');
      expectSame([await endBeyond(1), await endedAt('a'), await endedAt('c')], [1, undefined, later], 'all but one');
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
        expectSame(await sessions.knowsDevice(user.id, 'curl/8'), true, 'a known user agent');
        expectSame(await sessions.knowsDevice(user.id, 'curl/9'), false, 'an unknown user agent');
        expectSame(await sessions.knowsDevice(user.id, undefined), false, 'no user agent');
        expectSame(await sessions.knowsDevice(user.id + 1, 'curl/8'), false, 'the user agent of another user');
      });
    },
  },
  {
    part: 'faithful',
    name: 'live sessions are listed newest first: not those that ended, expired or were idle',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const at = secondsAfter(noon, 100);
      const first = await addSession(store, newSession(ada.id, 'a', { lastUsedAt: at, turnedAt: at }));
      const second = await addSession(store, newSession(ada.id, 'b', { createdAt: later, lastUsedAt: later }));
      await addSession(store, newSession(ada.id, 'c', { endedAt: noon, lastUsedAt: at }));
      await addSession(store, newSession(ada.id, 'd', { expiresAt: at, lastUsedAt: at }));
      await addSession(store, newSession(ada.id, 'e', { lastUsedAt: noon }));
      await addSession(store, newSession(bob.id, 'f', { lastUsedAt: at }));
      expectSame(await store.sessions.listLive(ada.id, { at, usedSince: noon }), [second, first], 'listLive');
    },
  },
  {
    part: 'faithful',
    name: 'the addresses of live sessions are found by the e-mail address of the user, each once',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const lifetime = { at: later, usedSince: secondsAfter(noon, -1) };
      await addSession(store, newSession(ada.id, 'a', { ip: '192.0.2.1' }));
      await addSession(store, newSession(ada.id, 'b', { ip: '192.0.2.1' }));
      await addSession(store, newSession(ada.id, 'c', { ip: '2001:db8::1' }));
      await addSession(store, newSession(ada.id, 'd'));
      await addSession(store, newSession(ada.id, 'e', { ip: '192.0.2.2', endedAt: noon }));
      await addSession(store, newSession(ada.id, 'f', { ip: '192.0.2.3', expiresAt: later }));
      await addSession(store, newSession(ada.id, 'g', { ip: '192.0.2.4', lastUsedAt: secondsAfter(noon, -1) }));
      await addSession(store, newSession(bob.id, 'h', { ip: '192.0.2.5' }));
      const addresses = await store.sessions.liveAddresses(ada.email, lifetime);
      expectSame(addresses.toSorted(), ['192.0.2.1', '2001:db8::1'], 'liveAddresses');
      const unknown = newUser('Unknown').email;
      expectSame(await store.sessions.liveAddresses(unknown, lifetime), [], 'liveAddresses of an unknown address');
    },
  },
  {
    part: 'faithful',
    name: 'a live session advances to its next generation, and no other session does',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(user.id, 'a'));
      await addSession(store, newSession(user.id, 'b', { endedAt: noon }));
      await addSession(store, newSession(user.id, 'c', { expiresAt: later }));
      const turn = (letter: string, generation: number, usedSince = secondsAfter(noon, -1)) =>
        store.unitOfWork.run(({ sessions }) => sessions.turn(sessionId(letter), generation, { at: later, usedSince }));
      expectSame(await turn('a', 1), false, 'from a generation that is yet to come');
      expectSame(await turn('a', 0, noon), false, 'after it lay idle');
      expectSame(await turn('a', 0), true, 'from its generation');
      expectSame(await turn('a', 0), false, 'from the generation before');
      expectSame(
        [await turn('b', 0), await turn('c', 0), await turn('z', 0)],
        [false, false, false],
        'ended, expired, none',
      );
      const turned = { ...session, generation: 1, lastUsedAt: later, turnedAt: later };
      expectSame((await store.sessions.findWithUser(session.id))?.session, turned, 'the session');
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
    part: 'once',
    name: 'a session advances once for twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(id, 'a'));
      const lifetime = { at: later, usedSince: secondsAfter(noon, -1) };
      const outcomes = await race(() => store.unitOfWork.run(({ sessions }) => sessions.turn(session.id, 0, lifetime)));
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
      expectSame((await store.sessions.findWithUser(session.id))?.session.generation, 1, 'the generation');
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
    name: 'a session is deleted with its user, and rejected afterwards',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      await addSession(store, newSession(ada.id, 'a'));
      const kept = await addSession(store, newSession(bob.id, 'b'));
      await store.arrange.deleteUser(ada.id);
      expectSame(await store.sessions.findWithUser(sessionId('a')), undefined, 'the session of the deleted user');
      expectSame(await store.sessions.findWithUser(kept.id), { session: kept, user: bob }, 'another session');
      await expectRefusal(addSession(store, newSession(ada.id, 'a')), 'user_no_longer_exists', 'append');
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
