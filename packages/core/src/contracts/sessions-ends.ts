import type { SessionId } from '../model/session.ts';
import { fulfilled, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { later, newSession, newUser, noon } from './samples.ts';
import { addSession, type SessionsInstance } from './sessions-instance.ts';

/** Ends all sessions, so many at a time, in ten batches at most. Returns the ids of those that it ended. */
async function endAll({ unitOfWork }: SessionsInstance, limit: number): Promise<readonly (readonly SessionId[])[]> {
  const batches: (readonly SessionId[])[] = [];
  while (batches.length < 10) {
    const after = batches.at(-1)?.at(-1);
    const batch = await unitOfWork.run(({ sessions }) => sessions.endNext({ after, limit }, later));
    batches.push(batch);
    if (batch.length < limit) break;
  }
  return batches;
}

/** What is promised about ending the sessions of all users. */
export const sessionsEnds: readonly PortPromise<SessionsInstance>[] = [
  {
    part: 'faithful',
    name: 'the sessions of all users are ended in batches, and one that had ended before keeps the time of its end',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const open = [newSession(ada.id, 'b'), newSession(bob.id, 'C'), newSession(ada.id, 'a'), newSession(bob.id, '_')];
      for (const session of open) await addSession(store, session);
      const ended = await addSession(store, newSession(bob.id, 'B', { endedAt: noon }));
      const batches = await endAll(store, 2);
      expectSame(
        batches.map((ids) => ids.length),
        [2, 2, 0],
        'the sizes of batches of two',
      );
      expectSame(batches.flat().toSorted(), open.map(({ id }) => id).toSorted(), 'the ids');
      for (const session of open) {
        const found = await store.sessions.findWithUser(session.id);
        expectSame(found?.session, { ...session, endedAt: later }, 'a session');
      }
      expectSame((await store.sessions.findWithUser(ended.id))?.session, ended, 'the session that had ended');
    },
  },
  {
    part: 'once',
    name: 'each session of all users is ended by one of twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const letters = ['a', 'b', 'c', 'd', 'e'];
      for (const letter of letters) await addSession(store, newSession(id, letter));
      const outcomes = await race(() => endAll(store, 2));
      const ids = fulfilled(outcomes).flat(2).toSorted();
      expectSame(
        ids,
        letters.map((letter) => newSession(id, letter).id),
        'the ids that were ended',
      );
    },
  },
];
