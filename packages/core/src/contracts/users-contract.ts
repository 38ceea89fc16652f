import type { Email } from '../model/email.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectRefusal, expectSame, expectThat } from './expect.ts';
import { firstPage, newUser, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';
import { addUser, type UsersInstance } from './users-instance.ts';
import { usersRaces } from './users-races.ts';

/** What `Users` and `WritableUsers` promise. */
export function usersContract(open: Open<UsersInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...usersRaces, ...inTransactions]);
}

const inTransactions = transactionPromises<'users', UsersInstance>('a user', {
  prepare: async () => [(transaction) => transaction.users.append(newUser('Ada'))],
  look: async ({ users }) => (await users.list({}, firstPage)).map(({ email }) => email),
  shown: [newUser('Ada').email],
  reads: ({ users }) => [
    () => users.findById(1),
    () => users.findCredentials({ id: 1 }),
    () => users.list({}, firstPage),
  ],
});

const promises: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'faithful',
    name: 'a user is returned as it was appended: by id, and with its password hash by address or id',
    async holds(store) {
      const fields = newUser('Zoë', { email: 'zoe+1@example.com' as Email, city: '', age: 0, role: 'admin' });
      const user = await addUser(store, 'Zoë', fields);
      const { passwordHash, ...profile } = fields;
      expectSame(user, { ...profile, id: user.id }, 'append returns the user');
      expectSame(await store.users.findById(user.id), user, 'findById');
      const credentials = { user, passwordHash };
      expectSame(await store.users.findCredentials({ id: user.id }), credentials, 'findCredentials by id');
      expectSame(await store.users.findCredentials({ email: user.email }), credentials, 'findCredentials by address');
    },
  },
  {
    part: 'faithful',
    name: 'a user that does not exist is not found, changed or deleted',
    async holds({ users, unitOfWork }) {
      const missing = 999_999_999_999_999;
      expectSame(await users.findById(missing), undefined, 'findById');
      expectSame(await users.findCredentials({ id: missing }), undefined, 'findCredentials by id');
      expectSame(await users.findCredentials({ email: 'unknown@example.com' as Email }), undefined, 'by address');
      await unitOfWork.run(async (transaction) => {
        expectSame(await transaction.users.update(missing, { age: 1 }), undefined, 'update');
        expectSame(await transaction.users.lockCredentials(missing), undefined, 'lockCredentials');
        expectSame(await transaction.users.delete(missing), false, 'delete');
        await transaction.users.setPasswordHash(missing, 'hash');
      });
    },
  },
  {
    part: 'faithful',
    name: 'an update of a user changes the fields that it names and no others',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const change = (changes: object) => store.unitOfWork.run(({ users }) => users.update(user.id, changes));
      expectSame(await change({ age: 0, city: undefined }), { ...user, age: 0 }, 'update');
      expectSame(
        await change({ isActive: false, role: 'admin' }),
        { ...user, age: 0, isActive: false, role: 'admin' },
        'again',
      );
      const changed = { ...user, name: 'Countess', city: 'Bath', age: 0, isActive: false, role: 'admin' };
      expectSame(await change({ name: 'Countess', city: 'Bath' }), changed, 'and again');
      expectSame(await change({}), changed, 'without a change');
      expectSame(await store.users.findById(user.id), changed, 'findById');
    },
  },
  {
    part: 'faithful',
    name: 'a new password hash replaces the old one of this user alone',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const other = await addUser(store, 'Bob');
      await store.unitOfWork.run(({ users }) => users.setPasswordHash(id, 'another'));
      expectSame((await store.users.findCredentials({ id }))?.passwordHash, 'another', 'the new hash');
      expectSame(
        (await store.users.findCredentials({ id: other.id }))?.passwordHash,
        'hash of Bob',
        "another user's hash",
      );
    },
  },
  {
    part: 'faithful',
    name: 'a deleted user is gone with its sessions and posts, and no other user is',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const countOfAda = await store.arrange.records(ada);
      const countOfBob = await store.arrange.records(bob);
      expectSame([await countOfAda(), await countOfBob()], [2, 2], 'sessions and posts before');
      expectSame(await store.unitOfWork.run(({ users }) => users.delete(ada.id)), true, 'delete');
      expectSame(await store.users.list({}, firstPage), [bob], 'the users');
      expectSame([await countOfAda(), await countOfBob()], [0, 2], 'sessions and posts after');
      expectSame(await store.unitOfWork.run(({ users }) => users.delete(ada.id)), false, 'the second delete');
    },
  },
  {
    part: 'faithful',
    name: 'users are listed by ascending id, page by page',
    async holds(store) {
      const names = ['Eve', 'Dan', 'Cid', 'Bob', 'Ada'];
      for (const name of names) await addUser(store, name);
      const list = async (skip: number, limit: number, after?: number) =>
        (await store.users.list({}, { skip, limit, after })).map(({ name }) => name);
      expectSame(await list(0, 100), names, 'all');
      expectSame(await list(1, 2), ['Dan', 'Cid'], 'skip and limit');
      const { id = 0 } = (await store.users.list({}, { skip: 1, limit: 1 }))[0] ?? {};
      expectSame(await list(0, 2, id), ['Cid', 'Bob'], 'after');
      expectSame(await list(1, 2, id), ['Bob', 'Ada'], 'after and skip');
      expectSame(await list(9, 2), [], 'beyond the end');
    },
  },
  {
    part: 'faithful',
    name: 'a list of users contains those that match its filter',
    async holds(store) {
      await addUser(store, 'Ada', { role: 'admin' });
      await addUser(store, 'Bob', { isActive: false });
      await addUser(store, 'Cid', { role: 'admin', isActive: false });
      const list = async (filter: object) => (await store.users.list(filter, firstPage)).map(({ name }) => name);
      expectSame(await list({ isActive: true }), ['Ada'], 'active');
      expectSame(await list({ isActive: false }), ['Bob', 'Cid'], 'inactive');
      expectSame(await list({ role: 'admin' }), ['Ada', 'Cid'], 'admins');
      expectSame(await list({ role: 'admin', isActive: false }), ['Cid'], 'inactive admins');
    },
  },
  {
    part: 'faithful',
    name: 'a search finds users by the beginning of their address or folded name, literally',
    async holds(store) {
      await addUser(store, 'ÉMILE', { email: 'e.b@example.com' as Email });
      await addUser(store, '100%', { email: 'percent@example.com' as Email });
      await addUser(store, 'A_B\\', { email: 'under_score@example.com' as Email });
      await addUser(store, 'Grüße', { email: 'zz@example.com' as Email });
      const find = async (search: string) => (await store.users.list({ search }, firstPage)).map(({ name }) => name);
      expectSame(await find('émi'), ['ÉMILE'], 'a folded name');
      expectSame(await find('e.b@'), ['ÉMILE'], 'an address');
      expectSame(await find('mile'), [], 'the middle of a name');
      expectSame(await find('%'), [], 'a percent sign');
      expectSame(await find('100%'), ['100%'], 'a name with a percent sign');
      expectSame(await find('a_b\\'), ['A_B\\'], 'a name with a backslash');
      expectSame(await find('under.'), [], 'any character for an underscore');
      expectSame(await find('grüß'), ['Grüße'], 'a sharp s');
      expectSame(await find('zzz'), [], 'longer than what there is');
    },
  },
  {
    part: 'faithful',
    name: 'the active admins are locked and returned by ascending id',
    async holds(store) {
      const first = await addUser(store, 'Ada', { role: 'admin' });
      await addUser(store, 'Bob');
      await addUser(store, 'Cid', { role: 'admin', isActive: false });
      const last = await addUser(store, 'Dan', { role: 'admin' });
      const locked = await store.unitOfWork.run(({ users }) => users.lockActiveAdmins());
      expectSame(locked, [first.id, last.id], 'lockActiveAdmins');
    },
  },
  {
    part: 'unique',
    name: 'a second user with the same address is rejected',
    async holds(store) {
      const { email } = await addUser(store, 'Ada');
      await expectRefusal(addUser(store, 'Bob', { email }), 'email_taken', 'append');
      expectSame(
        (await store.users.list({}, firstPage)).map(({ name }) => name),
        ['Ada'],
        'the users',
      );
    },
  },
  {
    part: 'unique',
    name: 'a user moves to another address unless it is taken',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const email = 'countess@example.com' as Email;
      const move = (to: Email) =>
        store.unitOfWork.run(({ users }) => users.update(ada.id, { email: to, emailVerified: true }));
      expectSame(await move(email), { ...ada, email, emailVerified: true }, 'update');
      expectSame((await store.users.findCredentials({ email }))?.user.id, ada.id, 'found by the new address');
      expectSame(await store.users.findCredentials({ email: ada.email }), undefined, 'found by the old address');
      await expectRefusal(move(bob.email), 'email_taken', 'update to a taken address');
      expectSame((await store.users.findById(ada.id))?.email, email, 'the address');
    },
  },
  {
    part: 'unique',
    name: 'the id of a user is never reused, not even after a deletion',
    async holds(store) {
      const first = await addUser(store, 'Ada');
      await store.unitOfWork.run(({ users }) => users.delete(first.id));
      const second = await addUser(store, 'Ada');
      expectThat(second.id > first.id, second.id, `more than ${first.id}`, 'the id of a later user');
    },
  },
  {
    part: 'isolated',
    name: 'a user is stored apart from the objects that were passed in and returned',
    async holds(store) {
      const fields = { ...newUser('Ada'), createdAt: new Date(noon) };
      const { id } = await store.unitOfWork.run(({ users }) => users.append(fields));
      fields.createdAt.setTime(0);
      const found = await store.users.findById(id);
      expectSame(found?.createdAt, noon, 'the stored date after the date that was passed in has changed');
      found?.createdAt.setTime(0);
      const again = (await store.users.findById(id))?.createdAt;
      expectSame(again, noon, 'the stored date after the date that was returned has changed');
    },
  },
];
