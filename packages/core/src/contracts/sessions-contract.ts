import { secondsAfter } from '../model/policy.ts';
import { race } from './contract.ts';
import { expectRefusal, expectSame, rejection, expectThat } from './expect.ts';
import { addSession, addUser, later, newSession, newUser, noon, sessionId } from './samples.ts';
import type { StorePromise } from './store-promise.ts';

/** What the repositories of sessions promise. */
export const sessionsPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'returns a session as it was appended, with its user as they are now',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const bare = await addSession(store, newSession(user.id, 'a'));
      const full = await addSession(store, newSession(user.id, 'b', { ip: '2001:db8::1', userAgent: 'curl/8 "é" \\' }));
      expectSame(await store.sessions.findWithUser(bare.id), { session: bare, user }, 'a session without origin');
      expectSame(await store.sessions.findWithUser(full.id), { session: full, user }, 'a session with one');
      await store.unitOfWork.run(({ users }) => users.update(user.id, { role: 'admin', isActive: false }));
      const changed = { ...user, role: 'admin', isActive: false };
      expectSame(await store.sessions.findWithUser(bare.id), { session: bare, user: changed }, 'the user since then');
      expectSame(await store.sessions.findWithUser(sessionId('z')), undefined, 'a session that is not there');
    },
  },
  {
    part: 'faithful',
    name: 'ends a session and keeps it, with the time of its end',
    async holds(store) {
      const user = await addUser(store, 'Ada');
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
    name: 'ends all sessions of one user, and says how many',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
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
    name: 'ends the sessions of one user that were not used for longest, beyond so many',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
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
    name: 'is locked with its user, and knows the devices of its user',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const session = await addSession(store, newSession(user.id, 'a', { userAgent: 'curl/8' }));
      await store.unitOfWork.run(async ({ sessions }) => {
        expectSame(await sessions.lock(session.id), { session, user }, 'lock');
        expectSame(await sessions.lock(sessionId('z')), undefined, 'lock of one that is not there');
        expectSame(await sessions.knowsDevice(user.id, 'curl/8'), true, 'a known device');
        expectSame(await sessions.knowsDevice(user.id, 'curl/9'), false, 'an unknown device');
        expectSame(await sessions.knowsDevice(user.id, undefined), false, 'no device at all');
        expectSame(await sessions.knowsDevice(user.id + 1, 'curl/8'), false, "somebody else's device");
      });
    },
  },
  {
    part: 'faithful',
    name: 'is listed while it has not ended, expired or lain idle, newest first',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
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
    name: 'tells by the address of its user from where it was opened, while it may go on',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
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
      const nobody = newUser('Nobody').email;
      expectSame(await store.sessions.liveAddresses(nobody, lifetime), [], 'liveAddresses of nobody');
    },
  },
  {
    part: 'faithful',
    name: 'turns to its next generation while it may go on',
    async holds(store) {
      const user = await addUser(store, 'Ada');
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
    name: 'is purged in batches once it has expired',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      for (const letter of ['a', 'b', 'c']) await addSession(store, newSession(id, letter, { expiresAt: noon }));
      const kept = await addSession(store, newSession(id, 'd', { expiresAt: later }));
      const purge = () => store.unitOfWork.run(({ sessions }) => sessions.purge(later, 2));
      expectSame([await purge(), await purge(), await purge()], [2, 1, 0], 'purge');
      expectSame((await store.sessions.findWithUser(kept.id))?.session, kept, 'the session that stays');
    },
  },
  {
    part: 'once',
    name: 'turns for one of twenty who try',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const session = await addSession(store, newSession(id, 'a'));
      const lifetime = { at: later, usedSince: secondsAfter(noon, -1) };
      const outcomes = await race(() => store.unitOfWork.run(({ sessions }) => sessions.turn(session.id, 0, lifetime)));
      const turned = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame(turned.length, 1, 'winners');
      expectSame((await store.sessions.findWithUser(session.id))?.session.generation, 1, 'the generation');
    },
  },
  {
    part: 'unique',
    name: 'refuses a second session with the same id',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const session = await addSession(store, newSession(id, 'a'));
      const again = await rejection(addSession(store, { ...session, ip: '192.0.2.1' }));
      expectThat(again instanceof Error, 'append refuses an id that is there');
      expectSame((await store.sessions.findWithUser(session.id))?.session, session, 'the first session');
    },
  },
  {
    part: 'faithful',
    name: 'opens no session for a user who is gone',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      await store.unitOfWork.run(({ users }) => users.delete(id));
      await expectRefusal(addSession(store, newSession(id, 'a')), 'user_no_longer_exists', 'append');
    },
  },
  {
    part: 'once',
    name: 'is ended by one of twenty who try',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const session = await addSession(store, newSession(id, 'a'));
      const outcomes = await race(() => store.unitOfWork.run(({ sessions }) => sessions.end(session.id, noon)));
      const ended = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame(ended.length, 1, 'winners');
    },
  },
];
