import { secondsAfter } from '../model/policy.ts';
import { fulfilled, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { later, newSession, newUser, noon, sessionId } from './samples.ts';
import { addSession, type SessionsInstance } from './sessions-instance.ts';

/** A client that refreshes sessions. */
const client = { network: '203.0.113.0/24', userAgent: 'curl/8', keep: 3 };

/** What `WritableSessions` promises about the rotation of refresh tokens. */
export const sessionsRotation: readonly PortPromise<SessionsInstance>[] = [
  {
    part: 'faithful',
    name: 'a live session advances to its next generation, and no other session does',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(user.id, 'a'));
      await addSession(store, newSession(user.id, 'b', { endedAt: noon }));
      await addSession(store, newSession(user.id, 'c', { expiresAt: later }));
      const turn = (letter: string, generation: number, usedSince = secondsAfter(noon, -1)) =>
        store.unitOfWork.run(({ sessions }) =>
          sessions.turn(sessionId(letter), generation, { at: later, usedSince }, client),
        );
      expectSame(await turn('a', 1), undefined, 'from a generation that is yet to come');
      expectSame(await turn('a', 0, noon), undefined, 'after it lay idle');
      const found = await turn('a', 0);
      expectSame(await turn('a', 0), undefined, 'from the generation before');
      expectSame(
        [await turn('b', 0), await turn('c', 0), await turn('z', 0)],
        [undefined, undefined, undefined],
        'ended, expired, none',
      );
      const rotation = { generation: 1, lastUsedAt: later, turnedAt: later };
      const turned = {
        ...session,
        ...rotation,
        refreshedBy: client.userAgent,
        networks: [client.network],
        fromNewNetwork: true,
      };
      expectSame(found, { session: turned, user }, 'from its generation');
      expectSame(await store.sessions.findWithUser(session.id), found, 'the session');
    },
  },
  {
    part: 'faithful',
    name: 'a session remembers the networks of the clients that advanced it, the latest first, down to a number to keep',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(id, 'a', { networks: ['z'] }));
      const lifetime = { at: later, usedSince: secondsAfter(noon, -1) };
      const remembered: unknown[] = [];
      for (const [generation, network] of ['a', 'b', 'a', 'c', ''].entries()) {
        await store.unitOfWork.run(({ sessions }) =>
          sessions.turn(session.id, generation, lifetime, { ...client, network, userAgent: undefined }),
        );
        const found = (await store.sessions.findWithUser(session.id))?.session;
        expectSame(found?.refreshedBy, undefined, 'the user agent of a client that named none');
        remembered.push([found?.fromNewNetwork, ...(found?.networks ?? [])]);
      }
      const expected = [
        [true, 'a', 'z'],
        [true, 'b', 'a', 'z'],
        [false, 'a', 'b', 'z'],
        [true, 'c', 'a', 'b'],
        [true, '', 'c', 'a'],
      ];
      expectSame(remembered, expected, 'whether the network was new, and the networks, after each turn');
    },
  },
  {
    part: 'faithful',
    name: 'a session keeps the moments at which it was shared, until others are stored',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(id, 'a'));
      const other = await addSession(store, newSession(id, 'b'));
      for (const sharedAt of [[noon], [noon, later], []]) {
        await store.unitOfWork.run(({ sessions }) => sessions.recordSharing(session.id, sharedAt));
        const found = (await store.sessions.findWithUser(session.id))?.session;
        expectSame(found, { ...session, sharedAt }, 'the session');
      }
      expectSame((await store.sessions.findWithUser(other.id))?.session, other, 'another session');
    },
  },
  {
    part: 'once',
    name: 'a session advances once for twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const session = await addSession(store, newSession(id, 'a'));
      const lifetime = { at: later, usedSince: secondsAfter(noon, -1) };
      const outcomes = await race(() =>
        store.unitOfWork.run(({ sessions }) => sessions.turn(session.id, 0, lifetime, client)),
      );
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
      expectSame((await store.sessions.findWithUser(session.id))?.session.generation, 1, 'the generation');
    },
  },
];
