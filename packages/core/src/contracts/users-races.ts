import type { Email } from '../model/email.ts';
import type { SallyportErrorCode } from '../model/errors.ts';
import type { NewUser } from '../ports/users.ts';
import { fulfilled, type PortPromise, race } from './contract.ts';
import { expectCode, expectSame } from './expect.ts';
import { firstPage, newUser } from './samples.ts';
import { addUser, type UsersInstance } from './users-instance.ts';

/** Expects one of twenty users with these fields to be appended, and the others to be rejected with this code. */
async function expectOneAppended(
  store: UsersInstance,
  fields: Partial<NewUser>,
  code: SallyportErrorCode,
): Promise<void> {
  const outcomes = await race((racer) => addUser(store, `R${racer}`, fields));
  expectSame(fulfilled(outcomes).length, 1, 'winners');
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expectCode(outcome.reason, code, 'append, for a loser of the race');
  }
  expectSame((await store.users.list({}, firstPage)).length, 1, 'accounts');
}

/** What `WritableUsers` promises to callers that race. */
export const usersRaces: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'once',
    name: 'one of twenty simultaneous registrations of an address succeeds',
    holds: (store) => expectOneAppended(store, { email: 'one@example.com' as Email }, 'email_taken'),
  },
  {
    part: 'once',
    name: 'one of twenty simultaneous registrations of an external id succeeds',
    holds: (store) => expectOneAppended(store, { externalId: 'legacy-1' }, 'external_id_taken'),
  },
  {
    part: 'once',
    name: 'simultaneous updates of different fields of a user, and of its profile, are all kept',
    async holds(store) {
      const { id } = await addUser(store, 'Ada', { profile: { age: 36, city: 'London', kept: true } });
      const fields = [
        { name: 'Countess' },
        { profile: { age: 99 } },
        { profile: { city: 'Bath' } },
        { profile: { title: ['Lady'] } },
        { role: 'admin' as const },
      ];
      await race((racer) => store.unitOfWork.run(({ users }) => users.update(id, fields[racer % fields.length] ?? {})));
      const { name, profile, role } = (await store.users.findById(id)) ?? {};
      const expected = { age: 99, city: 'Bath', title: ['Lady'], kept: true };
      expectSame({ name, profile, role }, { name: 'Countess', profile: expected, role: 'admin' }, 'the user');
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
    name: 'of twenty callers that change credentials of a version that they read under the lock, one does',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race((racer) =>
        store.unitOfWork.run(async ({ users }) => {
          const seen = await users.lockCredentials(id);
          if (seen?.securityVersion !== 1) return false;
          await users.changeCredentials(id, { passwordHash: `hash by ${racer}` });
          return true;
        }),
      );
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
    },
  },
  {
    part: 'once',
    name: 'each of twenty simultaneous changes of credentials gets a security version of its own',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race((racer) =>
        store.unitOfWork.run(({ users }) => users.changeCredentials(id, { passwordHash: `hash by ${racer}` })),
      );
      const versions = fulfilled(outcomes).map((credentials) => credentials?.securityVersion ?? 0);
      const expected = Array.from({ length: 20 }, (_, racer) => racer + 2);
      expectSame(
        versions.toSorted((a, b) => a - b),
        expected,
        'the versions',
      );
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
