import { describe, expect, it } from 'vitest';
import { changed, failedCases, reading, replacing, storeWith } from '../../test/canaries.ts';
import { foldCase, type Transaction, type UserFilter } from '../index.ts';
import { usersContract } from './index.ts';

type WritableUsers = Transaction['users'];
type UsersChange = (users: WritableUsers) => Partial<WritableUsers>;

describe('The contract of users', () => {
  it.each<[string, string, UsersChange]>([
    [
      'gives an account without a password a hash',
      'faithful: a user without a password has no hash until one is set',
      (users) => ({ append: (user) => users.append({ passwordHash: 'none', ...definedOf(user) }) }),
    ],
    [
      'increases the version at a rehash',
      'faithful: a rehash replaces the hash of this user alone, and neither it nor an update increases the version',
      (users) => ({
        rehashPassword: async (id, passwordHash) => void (await users.changeCredentials(id, { passwordHash })),
      }),
    ],
    [
      'increases the version at an update',
      'faithful: a rehash replaces the hash of this user alone, and neither it nor an update increases the version',
      (users) => ({
        update: async (id, changes) => (await users.changeCredentials(id, {})) && users.update(id, changes),
      }),
    ],
    [
      'keeps the version at a change that names nothing',
      'faithful: a change of credentials changes what it names, of this user alone, and increases the version by one',
      (users) => ({
        changeCredentials: (id, changes) =>
          Object.keys(changes).length > 0 ? users.changeCredentials(id, changes) : users.lockCredentials(id),
      }),
    ],
    [
      'replaces the profile as a whole',
      'faithful: an update of the profile of a user merges its fields, each as a whole',
      (users) => ({
        async update(id, { profile, ...changes }) {
          const current = await users.lockCredentials(id);
          const emptied = Object.keys(current?.user.profile ?? {}).map((field) => [field, null]);
          return users.update(id, { ...changes, profile: profile && { ...Object.fromEntries(emptied), ...profile } });
        },
      }),
    ],
  ])('fails a store that %s', async (_, promise, change) => {
    const contract = usersContract(() => replacing(({ users }) => ({ users: changed(users, change(users)) })));
    expect(await failedCases(contract)).toContain(promise);
  });

  it('fails a store that accepts an external id twice', async () => {
    const contract = usersContract(() =>
      replacing(({ users }) => ({
        users: changed(users, {
          append: ({ externalId, ...user }) =>
            users.append({ ...user, externalId: externalId && `${externalId} ${user.name}` }),
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual(
      expect.arrayContaining([
        'unique: a second user with the same address or external id is rejected, until the first is deleted',
        'once: one of twenty simultaneous registrations of an external id succeeds',
      ]),
    );
  });

  it('fails a store that gives the same version to two changes at once', async () => {
    const contract = usersContract(() =>
      replacing(({ users }) => ({
        users: changed(users, {
          async changeCredentials(id, changes) {
            const credentials = await users.changeCredentials(id, changes);
            return credentials && { ...credentials, securityVersion: 2 };
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'once: each of twenty simultaneous changes of credentials gets a security version of its own',
    );
  });

  it.each<[string, string, (search: string) => (user: { name: string; email: string }) => boolean]>([
    [
      'searches the beginning of the name alone',
      'faithful: a search finds users by the beginning of their address or of any word of their name',
      (search) => (user) => foldCase(user.name).startsWith(search) || user.email.startsWith(search),
    ],
    [
      'tells accents apart',
      'faithful: a search ignores case, accents and the composition of letters',
      (search) => (user) => [user.email, ...foldCase(user.name).split(' ')].some((word) => word.startsWith(search)),
    ],
    [
      'takes a search for a pattern',
      'faithful: a search takes every character literally',
      (search) => (user) => new RegExp(`^${search.replaceAll(/[^\w%]/g, '').replaceAll('%', '.*')}`).test(user.email),
    ],
  ])('fails a store that %s', async (_, promise, matcher) => {
    const contract = usersContract(() =>
      reading(({ users }) => ({
        users: changed(users, {
          async list({ search, ...filter }, page) {
            const listed = await users.list(filter, page);
            return search === undefined ? listed : listed.filter(matcher(foldCase(search)));
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toContain(promise);
  });

  it('fails a store that searches the names of when accounts were created', async () => {
    const contract = usersContract(() => {
      const names: string[] = [];
      const store = storeWith(({ users }) => ({
        users: changed(users, {
          append(user) {
            names.push(user.name);
            return users.append(user);
          },
        }),
      }));
      const users = changed(store.users, {
        async list({ search, ...filter }, page) {
          const listed = await store.users.list(filter, page);
          const name = names.at(-1) ?? '';
          return search === undefined || foldCase(name).includes(foldCase(search)) ? listed : [];
        },
      });
      return { ...store, users };
    });
    expect(await failedCases(contract)).toContain('faithful: a search finds users by their present name and address');
  });

  it.each<keyof UserFilter>(['isActive', 'role', 'emailVerified', 'externalId', 'search'])(
    'fails a store that ignores the filter %s',
    async (name) => {
      const contract = usersContract(() =>
        reading(({ users }) => ({
          users: changed(users, { list: (filter, page) => users.list({ ...filter, [name]: undefined }, page) }),
        })),
      );
      expect(await failedCases(contract)).toContain('faithful: a list of users contains those that match its filter');
    },
  );
});

/** The same fields, without those that are `undefined`. */
function definedOf<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
