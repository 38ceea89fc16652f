import { secondsAfter } from '../model/policy.ts';
import type { PortPromise } from './contract.ts';
import { expectSame } from './expect.ts';
import { firstPage, later, newSession, newUser, noon, sessionId } from './samples.ts';
import { addSession, type SessionsInstance } from './sessions-instance.ts';

/** What `Sessions` promises about lists. */
export const sessionsLists: readonly PortPromise<SessionsInstance>[] = [
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
      expectSame(
        await store.sessions.listLive(ada.id, { at, usedSince: noon }, firstPage),
        [second, first],
        'listLive',
      );
    },
  },
  {
    part: 'faithful',
    name: 'live sessions are listed page by page, also those that were opened at the same moment',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const lifetime = { at: later, usedSince: secondsAfter(noon, -1) };
      for (const letter of 'cadb') await addSession(store, newSession(ada.id, letter));
      await addSession(store, newSession(ada.id, 'e', { endedAt: noon }));
      await addSession(store, newSession(ada.id, 'f', { createdAt: secondsAfter(noon, 1) }));
      await addSession(store, newSession(ada.id, 'g', { createdAt: secondsAfter(noon, -1) }));
      await addSession(store, newSession(bob.id, 'h'));
      const list = async (limit: number, after?: string, skip = 0) => {
        const page = { skip, limit, after: after && sessionId(after) };
        const listed = await store.sessions.listLive(ada.id, lifetime, page);
        return listed.map(({ id }) => id.charAt(0)).join('');
      };
      expectSame(await list(10), 'fdcbag', 'all');
      expectSame([await list(2), await list(2, 'd'), await list(2, 'b')], ['fd', 'cb', 'ag'], 'page by page');
      expectSame(await list(2, 'g'), '', 'after the last');
      expectSame(await list(2, 'f', 1), 'cb', 'after and skip');
      expectSame(await list(2, 'e'), 'dc', 'after one that has ended since');
      expectSame(await list(2, 'h'), '', "after another user's session");
      expectSame(await list(2, 'z'), '', 'after one that does not exist');
    },
  },
];
