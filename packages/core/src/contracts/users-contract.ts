import type { Transaction } from '../ports/unit-of-work.ts';
import type { Email } from '../model/email.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectRefusal, expectSame, expectThat } from './expect.ts';
import { firstPage, newUser, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';
import { credentialsPromises } from './users-credentials.ts';
import { addUser, type UsersInstance } from './users-instance.ts';
import { usersImports } from './users-imports.ts';
import { usersLists } from './users-lists.ts';
import { usersRaces } from './users-races.ts';

/** What `Users` and `WritableUsers` promise. */
export function usersContract(open: Open<UsersInstance>): readonly ContractCase[] {
  return casesOf(open, [
    ...promises,
    ...credentialsPromises,
    ...usersLists,
    ...usersImports,
    ...usersRaces,
    ...inTransactions,
  ]);
}

const inTransactions = transactionPromises<Pick<Transaction, 'users'>, UsersInstance>('a user', {
  prepare: async () => [(transaction) => transaction.users.append(newUser('Ada'))],
  look: async ({ users }) => (await users.list({}, firstPage)).map(({ email }) => email),
  shown: [newUser('Ada').email],
  reads: ({ users }) => [
    () => users.findById(1),
    () => users.findCredentials({ id: 1 }),
    () => users.list({}, firstPage),
    () => users.listCredentials(firstPage),
  ],
});

/** A document with every kind of value that JSON has. */
const profile = {
  text: `It's "q" \\ % 🜁 é\n`,
  empty: '',
  numbers: [0, -1.5, 1e15],
  yes: true,
  nothing: null,
  nested: { a: [{ b: [] }, {}], constructor: 'x' },
};

const promises: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'faithful',
    name: 'a user is returned as it was appended: by id, and with its credentials by address or id',
    async holds(store) {
      const email = 'zoe+1@example.com' as Email;
      const fields = newUser('Zoë', { email, externalId: "legacy '1'", profile, role: 'admin', emailVerified: true });
      const user = await addUser(store, 'Zoë', fields);
      const { passwordHash, ...account } = fields;
      expectSame(user, { ...account, id: user.id }, 'append returns the user');
      expectSame(await store.users.findById(user.id), user, 'findById');
      const credentials = { user, passwordHash, securityVersion: 1 };
      expectSame(await store.users.findCredentials({ id: user.id }), credentials, 'findCredentials by id');
      expectSame(await store.users.findCredentials({ email }), credentials, 'findCredentials by address');
      const locked = await store.unitOfWork.run(({ users }) => users.lockCredentials(user.id));
      expectSame(locked, credentials, 'lockCredentials');
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
        expectSame(await transaction.users.update(missing, { name: 'Eve' }), undefined, 'update');
        const changes = { passwordHash: 'hash' };
        expectSame(await transaction.users.changeCredentials(missing, changes), undefined, 'changeCredentials');
        expectSame(await transaction.users.lockCredentials(missing), undefined, 'lockCredentials');
        expectSame(await transaction.users.delete(missing), false, 'delete');
        await transaction.users.rehashPassword(missing, 'hash');
      });
    },
  },
  {
    part: 'faithful',
    name: 'an update of a user changes the fields that it names and no others',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const other = await addUser(store, 'Bob');
      const change = (changes: object) => store.unitOfWork.run(({ users }) => users.update(user.id, changes));
      expectSame(await change({ name: 'Countess', role: undefined }), { ...user, name: 'Countess' }, 'the name');
      const changed = { ...user, name: 'Countess', isActive: false, role: 'admin', emailVerified: true };
      expectSame(await change({ isActive: false, role: 'admin', emailVerified: true }), changed, 'three more fields');
      expectSame(await change({}), changed, 'without a change');
      expectSame(await store.users.findById(user.id), changed, 'findById');
      expectSame(await store.users.findById(other.id), other, 'another user');
    },
  },
  {
    part: 'faithful',
    name: 'an update of the profile of a user merges its fields, each as a whole',
    async holds(store) {
      const user = await addUser(store, 'Ada', { profile: { age: 36, nested: { a: 1, b: 2 }, list: [1, 2] } });
      const change = (fields: typeof user.profile) =>
        store.unitOfWork.run(({ users }) => users.update(user.id, { profile: fields }));
      const first = { age: 0, nested: { a: 1, b: 2 }, list: [1, 2] };
      expectSame((await change({ age: 0 }))?.profile, first, 'one field');
      const second = { ...first, ...profile, list: [], nested: { b: 3 } };
      expectSame((await change({ ...profile, list: [], nested: { b: 3 } }))?.profile, second, 'several fields');
      expectSame((await change({}))?.profile, second, 'no field');
      expectSame((await store.users.findById(user.id))?.profile, second, 'findById');
    },
  },
  {
    part: 'faithful',
    name: 'a deleted user is gone at once, and no other user is',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada', { externalId: 'a' }), await addUser(store, 'Bob')];
      expectSame(await store.unitOfWork.run(({ users }) => users.delete(ada.id)), true, 'delete');
      expectSame(await store.users.list({}, firstPage), [bob], 'the users');
      expectSame(await store.users.findById(ada.id), undefined, 'findById');
      expectSame(await store.users.findCredentials({ email: ada.email }), undefined, 'findCredentials');
      expectSame(await store.unitOfWork.run(({ users }) => users.delete(ada.id)), false, 'the second delete');
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
    name: 'a second user with the same address or external id is rejected, until the first is deleted',
    async holds(store) {
      const { id, email, externalId } = await addUser(store, 'Ada', { externalId: 'legacy-1' });
      await expectRefusal(addUser(store, 'Bob', { email }), 'email_taken', 'append, of the same address');
      await expectRefusal(
        addUser(store, 'Bob', { externalId }),
        'external_id_taken',
        'append, of the same external id',
      );
      const names = async () => (await store.users.list({}, firstPage)).map(({ name }) => name);
      expectSame(await names(), ['Ada'], 'the users');
      await store.unitOfWork.run(({ users }) => users.delete(id));
      await addUser(store, 'Bob', { email, externalId });
      expectSame(await names(), ['Bob'], 'the users, after the first was deleted');
    },
  },
  {
    part: 'unique',
    name: 'users without an external id do not collide, nor does an external id with an address',
    async holds(store) {
      const { email } = await addUser(store, 'Ada');
      await addUser(store, 'Bob', { externalId: email });
      await addUser(store, 'Cid');
      expectSame((await store.users.list({}, firstPage)).length, 3, 'the number of users');
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
      const list = ['stored'];
      const fields = { ...newUser('Ada'), createdAt: new Date(noon), profile: { list } };
      const { id } = await store.unitOfWork.run(({ users }) => users.append(fields));
      fields.createdAt.setTime(0);
      list.push('passed in');
      const look = async () => {
        const found = await store.users.findById(id);
        return { found, shown: [found?.createdAt.getTime(), JSON.stringify(found?.profile)] };
      };
      const stored = [noon.getTime(), '{"list":["stored"]}'];
      const { found, shown } = await look();
      expectSame(shown, stored, 'the stored date and profile after those that were passed in have changed');
      found?.createdAt.setTime(0);
      (found?.profile as { list: string[] } | undefined)?.list.push('returned');
      const again = await look();
      expectSame(again.shown, stored, 'the stored date and profile after those that were returned have changed');
    },
  },
];
