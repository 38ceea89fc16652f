import type { Email } from '../model/email.ts';
import type { ImportedUser } from '../ports/users.ts';
import { fulfilled, type PortPromise, race } from './contract.ts';
import { expectSame, expectThat, rejection } from './expect.ts';
import { firstPage, newUser } from './samples.ts';
import { addUser, type UsersInstance } from './users-instance.ts';

/** Imports users through the port under test. */
function importUsers({ unitOfWork }: UsersInstance, users: readonly ImportedUser[]) {
  return unitOfWork.run((transaction) => transaction.users.import(users));
}

const emailsOf = async ({ users }: UsersInstance) => (await users.list({}, firstPage)).map(({ email }) => email);

/** What `Users` and `WritableUsers` promise about many accounts at once. */
export const usersImports: readonly PortPromise<UsersInstance>[] = [
  {
    part: 'faithful',
    name: 'imported users are stored as they are, under their own ids or the next free ones, in the order of the list',
    async holds(store) {
      const before = await addUser(store, 'Zoe');
      const profile = { text: `It's "q" \\ % 🜁 é\n`, numbers: [0, -1.5, 1e15], nested: { a: [null, true] } };
      const users: ImportedUser[] = [
        { ...newUser('Ada', { externalId: `legacy "1"`, profile, passwordHash: undefined }), id: before.id + 1_000 },
        newUser('Ångström', { email: 'ng@example.com' as Email, role: 'admin', isActive: false, emailVerified: true }),
        { ...newUser('Bob'), id: before.id + 500 },
        newUser('Cid'),
        newUser('Dan'),
      ];
      const ids = await importUsers(store, users);
      const next = [ids[1], ids[3], ids[4]];
      expectSame(
        next.toSorted((a = 0, b = 0) => a - b),
        next,
        'the next free ids, in the order of the list',
      );
      expectSame([ids[0], ids[2]], [before.id + 1_000, before.id + 500], 'the ids of users that brought one');
      for (const [position, { id: _, passwordHash, ...user }] of users.entries()) {
        const id = ids[position] ?? 0;
        const credentials = { user: { ...user, id }, passwordHash, securityVersion: 1 };
        expectSame(await store.users.findCredentials({ id }), credentials, `findCredentials of user ${position + 1}`);
      }
      const found = await store.users.list({ search: 'angstrom' }, firstPage);
      expectSame(
        found.map(({ id }) => id),
        [ids[1]],
        'a search for a word of a name',
      );
    },
  },
  {
    part: 'faithful',
    name: 'every account is listed with its credentials by ascending id, page by page',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada', { passwordHash: undefined }), await addUser(store, 'Bob')];
      await importUsers(store, [{ ...newUser('Cid'), id: bob.id + 100 }]);
      await importUsers(store, [{ ...newUser('Dan'), id: bob.id + 50 }]);
      const list = async (skip: number, limit: number, after?: number) =>
        (await store.users.listCredentials({ skip, limit, after })).map(({ user }) => user.id);
      const ids = [ada.id, bob.id, bob.id + 50, bob.id + 100];
      expectSame(await list(0, 10), ids, 'all');
      expectSame(await list(0, 2, ada.id), ids.slice(1, 3), 'a page');
      expectSame(await list(0, 10, bob.id + 100), [], 'behind the last');
      const first = await store.users.listCredentials({ skip: 0, limit: 2 });
      const credentials = [
        { user: ada, securityVersion: 1 },
        { user: bob, passwordHash: 'hash of Bob', securityVersion: 1 },
      ];
      expectSame(first, credentials, 'the credentials');
    },
  },
  {
    part: 'faithful',
    name: 'accounts are found by any of several ids, addresses or external ids, each of them once',
    async holds(store) {
      const ada = await addUser(store, 'Ada', { externalId: 'legacy 1' });
      const [bob, cid] = [await addUser(store, 'Bob'), await addUser(store, 'Cid', { externalId: 'a,"b"' })];
      await addUser(store, 'Dan', { externalId: bob.email });
      const find = async (keys: { ids?: number[]; emails?: Email[]; externalIds?: string[] }) => {
        const all = { ids: [], emails: [], externalIds: [], ...keys };
        const found = await store.unitOfWork.run(({ users }) => users.findAny(all));
        return found.toSorted((a, b) => a.user.id - b.user.id);
      };
      const credentials = [ada, bob, cid].map((user) => ({
        user,
        passwordHash: `hash of ${user.name}`,
        securityVersion: 1,
      }));
      const keys = { ids: [ada.id], emails: [bob.email], externalIds: ['a,"b"'] };
      expectSame(await find(keys), credentials, 'one by each');
      const repeated = { ids: [ada.id, 999_999_999_999_999], emails: [ada.email], externalIds: ['legacy 1', 'no'] };
      expectSame(await find(repeated), credentials.slice(0, 1), 'one by all');
      expectSame(await find({}), [], 'by nothing');
    },
  },
  {
    part: 'faithful',
    name: 'several users are locked, and those that exist are returned by ascending id',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      const ids = [bob.id, 999_999_999_999_999, ada.id, bob.id];
      const locked = await store.unitOfWork.run(({ users }) => users.lockAll(ids));
      expectSame(locked, [ada.id, bob.id], 'lockAll');
      expectSame(await store.unitOfWork.run(({ users }) => users.lockAll([])), [], 'lockAll of no user');
    },
  },
  {
    part: 'unique',
    name: 'an imported user whose id, address or external id another one has is left out, and the others are stored',
    async holds(store) {
      const { id, email } = await addUser(store, 'Ada', { externalId: 'legacy 1' });
      const ids = await importUsers(store, [
        { ...newUser('Bob'), id },
        newUser('Cid', { email }),
        newUser('Dan', { externalId: 'legacy 1' }),
        { ...newUser('Eve', { externalId: 'legacy 2' }), id: id + 10 },
        { ...newUser('Fay'), id: id + 10 },
        newUser('Gus', { email: 'eve@example.com' as Email }),
        newUser('Hal', { externalId: 'legacy 2' }),
        newUser('Ida'),
      ]);
      const stored = ids.map((one) => one !== undefined);
      expectSame(stored, [false, false, false, true, false, false, false, true], 'whether each was stored');
      expectSame(await emailsOf(store), [email, 'eve@example.com', 'ida@example.com'], 'the users');
      expectSame(await importUsers(store, []), [], 'an import of no user');
    },
  },
  {
    part: 'unique',
    name: 'ids that are given out after an import are greater than those that it brought, whatever their order',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const imported = [{ ...newUser('Bob'), id: id + 100 }, { ...newUser('Cid'), id: id + 50 }, newUser('Dan')];
      const [, , fresh = 0] = await importUsers(store, imported);
      expectThat(fresh > id + 100, fresh, `more than ${id + 100}`, 'the id of a user without one in the same list');
      await importUsers(store, [{ ...newUser('Eve'), id: id + 20 }]);
      const later = await addUser(store, 'Fay');
      expectThat(later.id > fresh, later.id, `more than ${fresh}`, 'the id of a user who was appended later');
    },
  },
  {
    part: 'unique',
    name: 'no user gets an id that is greater than those that the API accepts',
    async holds(store) {
      await importUsers(store, [{ ...newUser('Ada'), id: 999_999_999_999_999 }]);
      const appending = await rejection(addUser(store, 'Bob'));
      expectThat(appending instanceof Error, appending, 'a rejection', 'append');
      const importing = await rejection(importUsers(store, [newUser('Cid')]));
      expectThat(importing instanceof Error, importing, 'a rejection', 'import');
      expectSame(await emailsOf(store), ['ada@example.com'], 'the users');
    },
  },
  {
    part: 'once',
    name: 'users who are appended while others are imported under the next ids all get ids of their own',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race(async (racer): Promise<number | undefined> => {
        if (racer % 2 === 0) return (await addUser(store, `R${racer}`)).id;
        return (await importUsers(store, [{ ...newUser(`R${racer}`), id: id + racer }]))[0];
      });
      expectSame(fulfilled(outcomes).length, 20, 'callers that were not rejected');
      const ids = fulfilled(outcomes).filter((one) => one !== undefined);
      expectSame(new Set(ids).size, ids.length, 'different ids');
      expectThat(ids.length >= 10, ids.length, 'at least the 10 that were appended', 'the users that were stored');
      expectSame((await emailsOf(store)).length, ids.length + 1, 'accounts');
    },
  },
  {
    part: 'once',
    name: 'a user in one of twenty simultaneous imports of the same list is stored once',
    async holds(store) {
      const users = [newUser('Ada', { externalId: 'legacy 1' }), newUser('Bob'), newUser('Cid')];
      const outcomes = await race(() => importUsers(store, users));
      const ids = fulfilled(outcomes).flatMap((one) => one.filter((id) => id !== undefined));
      expectSame(ids.length, 3, 'users that were stored');
      expectSame(
        (await emailsOf(store)).toSorted(),
        users.map(({ email }) => email),
        'the accounts',
      );
    },
  },
];
