import { race } from './contract.ts';
import { expectRefusal, expectSame, rejection, expectThat } from './expect.ts';
import { addSession, addUser, later, newSession, noon, sessionId } from './samples.ts';
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
    name: 'ends all sessions of one user but for the one excepted, and says how many',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      for (const letter of ['a', 'b', 'c']) await addSession(store, newSession(ada.id, letter));
      await addSession(store, newSession(bob.id, 'd'));
      const end = (except?: string) => store.unitOfWork.run(({ sessions }) => sessions.endAllOf(ada.id, noon, except));
      const live = async () => {
        const found = await Promise.all(
          ['a', 'b', 'c', 'd'].map((letter) => store.sessions.findWithUser(sessionId(letter))),
        );
        return found.filter((one) => one && !one.session.endedAt).map((one) => one?.session.id.charAt(0));
      };
      expectSame([await end(sessionId('b')), await live()], [2, ['b', 'd']], 'all but one');
      expectSame([await end(), await live()], [1, ['d']], 'all that were left');
      expectSame(await end(), 0, 'none left');
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
