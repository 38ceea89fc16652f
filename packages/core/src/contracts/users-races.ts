import type { Email } from '../model/email.ts';
import { fulfilled, type PortPromise, race } from './contract.ts';
import { expectCode, expectSame } from './expect.ts';
import { firstPage, newUser } from './samples.ts';
import { addUser, type UsersInstance } from './users-instance.ts';

/** What `WritableUsers` promises to callers that race. */
export const usersRaces: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'once',
    name: 'one of twenty simultaneous registrations of an address succeeds',
    async holds(store) {
      const outcomes = await race((racer) => addUser(store, `R${racer}`, { email: 'one@example.com' as Email }));
      expectSame(fulfilled(outcomes).length, 1, 'winners');
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expectCode(outcome.reason, 'email_taken', 'append, for a loser of the race');
      }
      expectSame((await store.users.list({}, firstPage)).length, 1, 'accounts');
    },
  },
  {
    part: 'once',
    name: 'simultaneous updates of different fields of a user are all kept',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const fields = [{ name: 'Countess' }, { age: 99 }, { city: 'Bath' }, { role: 'admin' as const }];
      await race((racer) => store.unitOfWork.run(({ users }) => users.update(id, fields[racer % fields.length] ?? {})));
      const { name, age, city, role } = (await store.users.findById(id)) ?? {};
      expectSame({ name, age, city, role }, { name: 'Countess', age: 99, city: 'Bath', role: 'admin' }, 'the user');
    },
  },
  {
    part: 'once',
    name: 'of twenty admins that all resign unless they are the last, one remains',
    async holds(store) {
      const admins: number[] = [];
      for (let n = 0; n < 20; n += 1) admins.push((await addUser(store, `Admin${n}`, { role: 'admin' })).id);
      await race((racer) =>
        store.unitOfWork.run(async ({ users }) => {
          const left = await users.lockActiveAdmins();
          if (left.length > 1) await users.update(admins[racer] ?? 0, { role: 'user' });
        }),
      );
      expectSame((await store.users.list({ role: 'admin' }, firstPage)).length, 1, 'admins');
    },
  },
  {
    part: 'once',
    name: 'of twenty callers that create an admin if there is none, one does',
    async holds(store) {
      const outcomes = await race((racer) =>
        store.unitOfWork.run(async ({ users }) => {
          if ((await users.lockActiveAdmins()).length > 0) return false;
          await users.append(newUser(`Admin${racer}`, { role: 'admin' }));
          return true;
        }),
      );
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
      expectSame((await store.users.list({ role: 'admin' }, firstPage)).length, 1, 'admins');
    },
  },
  {
    part: 'once',
    name: 'of twenty callers that replace a password hash they read under the lock, one does',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race((racer) =>
        store.unitOfWork.run(async ({ users }) => {
          const seen = await users.lockCredentials(id);
          if (seen?.passwordHash !== 'hash of Ada') return false;
          await users.setPasswordHash(id, `hash by ${racer}`);
          return true;
        }),
      );
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
    },
  },
  {
    part: 'once',
    name: 'a user is deleted by one of twenty callers',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race(() => store.unitOfWork.run(({ users }) => users.delete(id)));
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
    },
  },
];
