import { describe, expect, it } from 'vitest';
import { changed, failedCases, reading, replacing, storeWith } from '../../test/canaries.ts';
import type { Transaction } from '../index.ts';
import { storeContract, usersContract } from './index.ts';

type WritableUsers = Transaction['users'];

const asTheyAre =
  'faithful: imported users are stored as they are, under their own ids or the next free ones, in the order of the list';
const leftOut =
  'unique: an imported user whose id, address or external id another one has is left out, and the others are stored';
const greater =
  'unique: ids that are given out after an import are greater than those that it brought, whatever their order';

describe('The contract of imported users', () => {
  it.each<[string, string, (users: WritableUsers) => Partial<WritableUsers>]>([
    [
      'gives imported users new numbers',
      asTheyAre,
      (users) => ({ import: (imported) => users.import(imported.map(({ id: _, ...user }) => user)) }),
    ],
    [
      'gives later users of a list smaller ids',
      asTheyAre,
      (users) => ({ import: async (imported) => (await users.import(imported.toReversed())).toReversed() }),
    ],
    [
      'gives an imported user without a password a hash',
      asTheyAre,
      (users) => ({
        import: (imported) =>
          users.import(imported.map((user) => ({ ...user, passwordHash: user.passwordHash ?? '' }))),
      }),
    ],
    [
      'gives out ids without a bound',
      'unique: no user gets an id that is greater than those that the API accepts',
      (users) => ({
        append: async (user) => ({ ...user, id: 1e15 }),
        import: async (imported) => {
          const numbered = imported.filter(({ id }) => id !== undefined);
          await users.import(numbered);
          return imported.map(({ id }) => id ?? 1e15);
        },
      }),
    ],
    [
      'drops all of a list if one is left out',
      leftOut,
      (users) => ({
        async import(imported) {
          const ids = await users.import(imported);
          if (!ids.includes(undefined)) return ids;
          for (const id of ids) if (id !== undefined) await users.delete(id);
          return ids.map(() => undefined);
        },
      }),
    ],
    [
      'finds accounts by their ids alone',
      'faithful: accounts are found by any of several ids, addresses or external ids, each of them once',
      (users) => ({ findAny: ({ ids }) => users.findAny({ ids, emails: [], externalIds: [] }) }),
    ],
    [
      'finds an account once for each of its keys',
      'faithful: accounts are found by any of several ids, addresses or external ids, each of them once',
      (users) => ({
        async findAny(keys) {
          const byId = await users.findAny({ ...keys, emails: [] });
          return [...byId, ...(await users.findAny({ ...keys, ids: [] }))];
        },
      }),
    ],
    [
      'returns locked users that do not exist',
      'faithful: several users are locked, and those that exist are returned by ascending id',
      (users) => ({
        lockAll: async (ids) => ((await users.lockAll(ids)).length === 0 ? [] : ids.toSorted((a, b) => a - b)),
      }),
    ],
  ])('fails a store that %s', async (_, promise, change) => {
    const contract = usersContract(() => replacing(({ users }) => ({ users: changed(users, change(users)) })));
    expect(await failedCases(contract)).toContain(promise);
  });

  it('fails a store whose own ids fill the gaps between imported ones', async () => {
    const contract = usersContract(() => {
      let last = 0;
      const numbered = async (users: WritableUsers, user: object) => {
        for (;;) {
          last += 1;
          const [id] = await users.import([{ ...(user as Parameters<WritableUsers['import']>[0][number]), id: last }]);
          if (id !== undefined) return id;
          const taken = await users.lockAll([last]);
          if (taken.length === 0) return undefined;
        }
      };
      return replacing(({ users }) => ({
        users: changed(users, {
          async import(imported) {
            const ids: (number | undefined)[] = [];
            for (const user of imported) {
              ids.push(user.id === undefined ? await numbered(users, user) : (await users.import([user]))[0]);
            }
            return ids;
          },
        }),
      }));
    });
    expect(await failedCases(contract)).toContain(greater);
  });

  it('fails a store that lists accounts without their hashes', async () => {
    const contract = usersContract(() =>
      reading(({ users }) => ({
        users: changed(users, {
          async listCredentials(page) {
            return (await users.listCredentials(page)).map(({ passwordHash: _, ...rest }) => rest);
          },
        }),
      })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: every account is listed with its credentials by ascending id, page by page',
    ]);
  });

  it('fails a store that imports the id of a closed account', async () => {
    const contract = storeContract(() =>
      storeWith((transaction) => ({
        closedAccounts: changed(transaction.closedAccounts, { append: (id, at) => closeAnother(transaction, id, at) }),
      })),
    );
    expect(await failedCases(contract)).toContain(
      'unique: the id of a closed account is not imported until its rows are deleted',
    );
  });
});

/** Remembers another account in the place of the closed one. */
const closeAnother = ({ closedAccounts }: Transaction, id: number, at: Date) => closedAccounts.append(-id, at);
