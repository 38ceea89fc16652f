import type { Email } from '../model/email.ts';
import { race } from './contract.ts';
import { expectCode, expectSame } from './expect.ts';
import { addUser, newUser } from './samples.ts';
import { firstPage, type StorePromise } from './store-promise.ts';

/** What the repositories of users promise to those who race. */
export const usersRaces: readonly StorePromise[] = [
  {
    part: 'once',
    name: 'makes one account of twenty registrations of one address',
    async holds(store) {
      const outcomes = await race((racer) => addUser(store, `R${racer}`, { email: 'one@example.com' as Email }));
      expectSame(outcomes.filter(({ status }) => status === 'fulfilled').length, 1, 'winners');
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expectCode(outcome.reason, 'email_taken', 'a loser');
      }
      expectSame((await store.users.list({}, firstPage)).length, 1, 'accounts');
    },
  },
  {
    part: 'once',
    name: 'keeps all of twenty changes to different fields',
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
    name: 'lets one of twenty admins stay when each leaves unless they are the last',
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
    name: 'lets one of twenty who find no admin make one',
    async holds(store) {
      const outcomes = await race((racer) =>
        store.unitOfWork.run(async ({ users }) => {
          if ((await users.lockActiveAdmins()).length > 0) return false;
          await users.append(newUser(`Admin${racer}`, { role: 'admin' }));
          return true;
        }),
      );
      const makers = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame(makers.length, 1, 'winners');
      expectSame((await store.users.list({ role: 'admin' }, firstPage)).length, 1, 'admins');
    },
  },
  {
    part: 'once',
    name: 'lets one of twenty swap a hash that they saw under the lock',
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
      const swapped = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame(swapped.length, 1, 'winners');
    },
  },
  {
    part: 'once',
    name: 'deletes a user once, whoever else tries',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race(() => store.unitOfWork.run(({ users }) => users.delete(id)));
      const deleted = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame(deleted.length, 1, 'winners');
    },
  },
];
