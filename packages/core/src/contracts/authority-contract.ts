import { maxSessions } from '../model/session.ts';
import type { UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { later, newSession, newUser, noon, sessionId } from './samples.ts';

/** An instance of `WritableAuthority` for its contract, with the records that it locks. */
export interface AuthorityInstance {
  readonly unitOfWork: UnitOfWorkOn<'authority' | 'users' | 'sessions'>;
}

/** What `WritableAuthority` promises. */
export function authorityContract(open: Open<AuthorityInstance>): readonly ContractCase[] {
  return casesOf(open, promises);
}

/** Ada with a session, and Bob with one. */
function addPeople({ unitOfWork }: AuthorityInstance) {
  return unitOfWork.run(async ({ users, sessions }) => {
    const [ada, bob] = [await users.append(newUser('Ada')), await users.append(newUser('Bob'))];
    const [own, foreign] = [newSession(ada.id, 'a'), newSession(bob.id, 'b')];
    for (const session of [own, foreign]) await sessions.open(session, maxSessions);
    return { ada, bob, own, foreign };
  });
}

const promises: readonly PortPromise<AuthorityInstance>[] = [
  {
    part: 'faithful',
    name: 'actor, session and subject are locked and returned as they are now',
    async holds(store) {
      const { ada, bob, own } = await addPeople(store);
      const locked = await store.unitOfWork.run(async ({ authority, users, sessions }) => {
        await users.update(ada.id, { role: 'admin' });
        await sessions.end(own.id, noon);
        return authority.lock({ actorId: ada.id, sessionId: own.id, subjectId: bob.id });
      });
      const actor = { user: { ...ada, role: 'admin' }, passwordHash: 'hash of Ada', securityVersion: 1 };
      const subject = { user: bob, passwordHash: 'hash of Bob', securityVersion: 1 };
      expectSame(locked, { actor, session: { ...own, endedAt: noon }, subject }, 'lock');
    },
  },
  {
    part: 'faithful',
    name: 'an actor can be locked alone, and be the subject too',
    async holds(store) {
      const { ada, own } = await addPeople(store);
      const actor = { user: ada, passwordHash: 'hash of Ada', securityVersion: 1 };
      const lock = (subjectId?: number) =>
        store.unitOfWork.run(({ authority }) => authority.lock({ actorId: ada.id, sessionId: own.id, subjectId }));
      expectSame(await lock(), { actor, session: own }, 'lock without a subject');
      expectSame(await lock(ada.id), { actor, session: own, subject: actor }, 'lock with the actor as subject');
    },
  },
  {
    part: 'faithful',
    name: 'a missing account or session is absent, and a session of another account counts as missing',
    async holds(store) {
      const { ada, bob, own, foreign } = await addPeople(store);
      const actor = { user: ada, passwordHash: 'hash of Ada', securityVersion: 1 };
      const lock = (actorId: number, id: string, subjectId?: number) =>
        store.unitOfWork.run(({ authority }) => authority.lock({ actorId, sessionId: id, subjectId }));
      expectSame(await lock(ada.id, sessionId('z')), { actor }, 'lock with a session that does not exist');
      expectSame(await lock(ada.id, foreign.id), { actor }, 'lock with the session of another account');
      expectSame(await lock(ada.id, own.id, bob.id + 1), { actor, session: own }, 'lock with a missing subject');
      const subject = { user: bob, passwordHash: 'hash of Bob', securityVersion: 1 };
      expectSame(await lock(bob.id + 1, own.id, bob.id), { subject }, 'lock with a missing actor');
    },
  },
  {
    part: 'once',
    name: 'one of twenty callers ends a session that they saw live under the lock',
    async holds(store) {
      const { ada, bob, own } = await addPeople(store);
      const outcomes = await race(() =>
        store.unitOfWork.run(async ({ authority, sessions }) => {
          const { session } = await authority.lock({ actorId: ada.id, sessionId: own.id, subjectId: bob.id });
          if (session?.endedAt) throw new Error('The session has ended');
          await sessions.endAllOf(ada.id, later);
        }),
      );
      expectSame(fulfilled(outcomes).length, 1, 'callers who saw the session live');
    },
  },
  {
    part: 'once',
    name: 'one of twenty callers who act on each other changes a role that they saw under the lock',
    async holds(store) {
      const { ada, bob, own, foreign } = await addPeople(store);
      const outcomes = await race((racer) =>
        store.unitOfWork.run(async ({ authority, users }) => {
          const [actorId, id, subjectId] = racer % 2 ? [ada.id, own.id, bob.id] : [bob.id, foreign.id, ada.id];
          const { actor, subject } = await authority.lock({ actorId, sessionId: id, subjectId });
          const roles = [actor?.user.role, subject?.user.role];
          if (roles.includes('admin')) throw new Error('One of them is an admin already');
          await users.update(subjectId, { role: 'admin' });
        }),
      );
      expectSame(fulfilled(outcomes).length, 1, 'callers who saw no admin');
    },
  },
];
