import { memoryStore } from '@sallyport/adapters-memory';
import { describe, expect, it } from 'vitest';
import { arranged, changed, failedCases, storeWith } from '../../test/canaries.ts';
import { type Credentials, foldCase, type Post, type StorePorts, type Transaction, type UserFilter } from '../index.ts';
import { closedAccountsContract, postsContract, sessionsContract, usersContract } from './index.ts';

/** A store whose transactions have some of their ports replaced, ready for the contract of one port. */
const replacing = (change: (transaction: Transaction) => Partial<Transaction>) => arranged(storeWith(change));

/** A store that reads differently, ready for the contract of one port. */
const reading = (change: (store: StorePorts) => Partial<StorePorts>) => {
  const store = memoryStore();
  return arranged({ ...store, ...change(store) });
};

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

describe('The contract of closed accounts', () => {
  it('fails a store in which two callers claim the same account', async () => {
    const contract = closedAccountsContract(() => {
      let last: number | undefined;
      return replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async claim() {
            const claimed = (await closedAccounts.claim()) ?? last;
            last = claimed;
            return claimed;
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toContain(
      'once: each closed account is claimed by one of twenty callers that delete it',
    );
  });

  it('fails a store that forgets an account once it is claimed', async () => {
    const contract = closedAccountsContract(() =>
      replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async claim() {
            const claimed = await closedAccounts.claim();
            if (claimed !== undefined) await closedAccounts.delete(claimed);
            return claimed;
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a closed account is claimed until it is deleted, each in its turn',
    ]);
  });

  it('fails a store that forgets an account although the transaction of its claim failed', async () => {
    const contract = closedAccountsContract(() => {
      const taken = new Set<number>();
      return replacing(({ closedAccounts }) => ({
        closedAccounts: changed(closedAccounts, {
          async delete(id) {
            taken.add(id);
            await closedAccounts.delete(id);
          },
          async claim() {
            for (let id = await closedAccounts.claim(); id !== undefined; id = await closedAccounts.claim()) {
              if (!taken.has(id)) return id;
              await closedAccounts.delete(id);
            }
            return undefined;
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toContain(
      'rolled back: a closed account is claimed again after the transaction of its claim failed',
    );
  });
});

describe('The contract of sessions', () => {
  const ofReads = (read: (sessions: StorePorts['sessions']) => Partial<StorePorts['sessions']>) =>
    sessionsContract(() => reading(({ sessions }) => ({ sessions: changed(sessions, read(sessions)) })));

  it.each(['methods', 'authenticatedAt'] as const)('fails a store that forgets the field %s', async (field) => {
    const contract = ofReads((sessions) => ({
      async findWithUser(id) {
        const found = await sessions.findWithUser(id);
        return found && { ...found, session: { ...found.session, [field]: undefined } };
      },
    }));
    expect(await failedCases(contract)).toContain(
      'faithful: a session is returned as it was appended, with its methods, its times and its current user',
    );
  });

  it('fails a store that loses sessions of the same moment between two pages', async () => {
    const contract = ofReads((sessions) => ({
      async listLive(userId, lifetime, { after, ...page }) {
        const last = after === undefined ? undefined : await sessions.findWithUser(after);
        const all = await sessions.listLive(userId, lifetime, { skip: 0, limit: 1000 });
        const behind = all.filter((session) => !last || session.createdAt < last.session.createdAt);
        return behind.slice(page.skip, page.skip + page.limit);
      },
    }));
    expect(await failedCases(contract)).toEqual([
      'faithful: live sessions are listed page by page, also those that were opened at the same moment',
    ]);
  });

  it.each<[string, (sessions: Transaction['sessions']) => Transaction['sessions']['purgeAllOf']]>([
    ['purges all sessions of a user at once', (sessions) => (userId) => sessions.purgeAllOf(userId, Infinity)],
    [
      'purges the sessions of another user too',
      (sessions) => async (userId, limit) => {
        await sessions.purgeAllOf(userId + 1, limit);
        return sessions.purgeAllOf(userId, limit);
      },
    ],
  ])('fails a store that %s', async (_, change) => {
    const contract = sessionsContract(() =>
      replacing(({ sessions }) => ({ sessions: changed(sessions, { purgeAllOf: change(sessions) }) })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: all sessions of one user are purged in batches, whatever their state',
    ]);
  });
});

describe('The contract of posts', () => {
  it('fails a store that shows the posts of a deleted author', async () => {
    const contract = postsContract(() => {
      const authors = new Map<number, Credentials['user']>();
      const store = memoryStore();
      const posts = changed(store.posts, {
        async findWithAuthor(id) {
          const found = await store.posts.findWithAuthor(id);
          if (found) return found;
          const [author] = authors.values();
          return author && { post: { id } as never, author };
        },
      });
      const { arrange, ...rest } = arranged({ ...store, posts });
      const deleteUser = async (id: number) => {
        const user = await store.users.findById(id);
        if (user) authors.set(id, user);
        return arrange.deleteUser(id);
      };
      return { ...rest, arrange: { ...arrange, deleteUser } };
    });
    expect(await failedCases(contract)).toEqual([
      'faithful: a post whose author was deleted is neither found, listed nor locked, but is purged',
    ]);
  });

  it('fails a store that lists the posts of deactivated authors among those of active ones', async () => {
    const contract = postsContract(() =>
      reading(({ posts }) => ({
        posts: changed(posts, { list: ({ byActive: _, ...filter }, page) => posts.list(filter, page) }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a list of posts by active authors leaves out those by deactivated ones',
    ]);
  });

  it('fails a store that purges the oldest posts first', async () => {
    const contract = postsContract(() => {
      const oldestFirst: Post[] = [];
      return replacing(({ posts }) => ({
        posts: changed(posts, {
          async append(post) {
            const appended = await posts.append(post);
            oldestFirst.push(appended);
            return appended;
          },
          async purgeAllOf(authorId, limit) {
            let purged = 0;
            for (const post of oldestFirst.filter((one) => one.authorId === authorId)) {
              if (purged < limit && (await posts.delete(post.id))) purged += 1;
            }
            return purged;
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toEqual([
      'faithful: all posts of one author are purged in batches, the newest first',
    ]);
  });
});
