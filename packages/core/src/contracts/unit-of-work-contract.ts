import type { Users } from '../ports/users.ts';
import type { UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectRefusal, expectSame, expectThat, rejection } from './expect.ts';
import { firstPage, newUser } from './samples.ts';
import { expectNested } from './transaction-promises.ts';
import { addUser } from './users-instance.ts';

/** An instance of `UnitOfWork` for its contract, which writes and reads users. */
export interface UnitOfWorkInstance {
  readonly users: Users;
  readonly unitOfWork: UnitOfWorkOn<'users'>;
}

/** What `UnitOfWork` promises. */
export function unitOfWorkContract(open: Open<UnitOfWorkInstance>): readonly ContractCase[] {
  return casesOf(open, promises);
}

const promises: readonly PortPromise<UnitOfWorkInstance>[] = [
  {
    part: 'faithful',
    name: 'a transaction sees its own writes, returns what its work returns, and is kept',
    async holds(store) {
      const user = await store.unitOfWork.run(async ({ users }) => {
        const appended = await users.append(newUser('Ada'));
        expectSame((await users.lockCredentials(appended.id))?.user, appended, 'lockCredentials, in the transaction');
        return appended;
      });
      expectSame(await store.users.findById(user.id), user, 'findById, after the transaction');
    },
  },
  {
    part: 'rolled back',
    name: 'a transaction whose work throws is undone, and rejects with what was thrown',
    async holds(store) {
      const [user, other] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const reason = new Error('changed my mind');
      const error = await rejection(
        store.unitOfWork.run(async ({ users }) => {
          await users.append(newUser('Cid'));
          await users.update(user.id, { name: 'Countess' });
          await users.changeCredentials(user.id, { passwordHash: 'another' });
          await users.delete(other.id);
          throw reason;
        }),
      );
      expectThat(error === reason, error, 'the same Error object that the work threw', 'run');
      expectSame(await store.users.list({}, firstPage), [user, other], 'the users');
      const credentials = { user, passwordHash: 'hash of Ada', securityVersion: 1 };
      expectSame(await store.users.findCredentials({ id: user.id }), credentials, 'the credentials');
    },
  },
  {
    part: 'rolled back',
    name: 'a transaction is undone when one of its methods rejects, even if its work ignores that',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const careless = store.unitOfWork.run(async ({ users }) => {
        await users.update(user.id, { profile: { city: 'Bath' } });
        await rejection(users.append(newUser('Bob', { email: user.email })));
        return 'all is well';
      });
      await expectRefusal(careless, 'email_taken', 'run');
      expectSame(await store.users.list({}, firstPage), [user], 'the users');
    },
  },
  {
    part: 'rolled back',
    name: 'a transaction whose work returns a refusal is kept, with its evidence',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const verdict = await store.unitOfWork.run(async ({ users }) => {
        await users.update(id, { isActive: false });
        return 'refused';
      });
      expectSame(verdict, 'refused', 'run');
      expectSame((await store.users.findById(id))?.isActive, false, 'the evidence');
    },
  },
  {
    part: 'isolated',
    name: 'a transaction shows its writes to no other caller before it commits',
    async holds(store) {
      let seen: Promise<unknown> = Promise.resolve();
      let look: () => void = () => {};
      const written = new Promise<void>((resolve) => {
        look = resolve;
      });
      // This read starts outside of the work, so it is not rejected. A store with one connection makes it wait.
      const onlooker = written.then(() => {
        seen = store.users.list({}, firstPage);
      });
      await rejection(
        store.unitOfWork.run(async ({ users }) => {
          await users.append(newUser('Ada'));
          look();
          for (let n = 0; n < 10; n += 1) await users.lockActiveAdmins();
          throw new Error('never mind');
        }),
      );
      await onlooker;
      expectSame(await seen, [], 'list, for another caller');
    },
  },
  {
    part: 'isolated',
    name: 'a transaction within a transaction is rejected at once',
    async holds(store) {
      const error = await store.unitOfWork.run(() => rejection((async () => store.unitOfWork.run(async () => {}))()));
      expectNested(error, 'run, inside a transaction');
      await addUser(store, 'Ada');
    },
  },
  {
    part: 'isolated',
    name: 'transactions that start together all commit',
    async holds(store) {
      const names = ['Ada', 'Bob', 'Cid', 'Dan', 'Eve'];
      await Promise.all(names.map((name) => addUser(store, name)));
      expectSame((await store.users.list({}, firstPage)).length, names.length, 'the number of users');
    },
  },
];
