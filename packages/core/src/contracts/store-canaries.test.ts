import { memoryStore } from '@sallyport/adapters-memory';
import { describe, expect, it } from 'vitest';
import { changed, failedCases, storeWith } from '../../test/canaries.ts';
import type { Credentials } from '../index.ts';
import { storeContract } from './index.ts';

describe('The contract of stores', () => {
  it('fails a store that checks first and writes later', async () => {
    const taken = new Set<string>();
    const ended = new Set<string>();
    const checkThenAct = storeContract(() => {
      taken.clear();
      ended.clear();
      const store = memoryStore();
      return Promise.resolve({
        ...store,
        unitOfWork: {
          async run(work) {
            // Transactions of this store overlap: each looks at what was there when it began.
            const seen = new Set(ended);
            await Promise.resolve();
            return store.unitOfWork.run((transaction) =>
              work({
                ...transaction,
                sessions: changed(transaction.sessions, {
                  async end(id, at) {
                    if (seen.has(id)) return false;
                    ended.add(id);
                    await transaction.sessions.end(id, at);
                    return true;
                  },
                }),
              }),
            );
          },
        },
      });
    });
    expect(await failedCases(checkThenAct)).toEqual(['once: a session is ended by one of twenty callers']);
  });

  it('fails a store whose transactions see the admins of the moment when they began', async () => {
    const unlocked = storeContract(() => {
      const store = memoryStore();
      return Promise.resolve({
        ...store,
        unitOfWork: {
          async run(work) {
            const seen = await store.users.list({ role: 'admin', isActive: true }, { skip: 0, limit: 100 });
            return store.unitOfWork.run((transaction) =>
              work({
                ...transaction,
                users: changed(transaction.users, { lockActiveAdmins: async () => seen.map(({ id }) => id) }),
              }),
            );
          },
        },
      });
    });
    expect(await failedCases(unlocked)).toEqual([
      'once: of twenty admins that all resign unless they are the last, one remains',
      'once: of twenty callers that create an admin if there is none, one does',
    ]);
  });

  it('fails a store that does not roll back', async () => {
    const stubborn = storeContract(() => {
      const store = memoryStore();
      return Promise.resolve({
        ...store,
        unitOfWork: {
          async run(work) {
            const outcome = await store.unitOfWork.run(async (transaction) => {
              try {
                return { result: await work(transaction) };
              } catch (error) {
                return { error };
              }
            });
            if ('error' in outcome) throw outcome.error;
            return outcome.result;
          },
        },
      });
    });
    expect(await failedCases(stubborn)).toContain(
      'rolled back: a transaction whose work throws is undone, and rejects with what was thrown',
    );
  });

  it('fails a store that shows uncommitted writes', async () => {
    const leaky = storeContract(() => {
      const store = memoryStore();
      const drafts: unknown[] = [];
      return Promise.resolve({
        ...store,
        users: changed(store.users, {
          list: async (filter, page) => [...(await store.users.list(filter, page)), ...(drafts as never[])],
        }),
        unitOfWork: {
          run: (work) =>
            store.unitOfWork
              .run((transaction) =>
                work({
                  ...transaction,
                  users: changed(transaction.users, {
                    async append(user) {
                      const appended = await transaction.users.append(user);
                      drafts.push(appended);
                      return appended;
                    },
                  }),
                }),
              )
              .finally(() => drafts.splice(0)),
        },
      });
    });
    expect(await failedCases(leaky)).toContain(
      'isolated: a transaction shows its writes to no other caller before it commits',
    );
  });

  it('fails a store that reads past the open transaction', async () => {
    const careless = storeContract(async () => ({ ...memoryStore(), sessions: memoryStore().sessions }));
    expect(await failedCases(careless)).toContain(
      'isolated: a read of a session past the open transaction is rejected at once, and works again after it',
    );
  });

  it('fails a store that accepts an address twice', async () => {
    const lax = storeContract(() =>
      storeWith((transaction) => ({
        users: changed(transaction.users, {
          append: (user) =>
            transaction.users.append({ ...user, email: `${Math.PI}${user.name}${user.email}` as never }),
        }),
      })),
    );
    expect(await failedCases(lax)).toContain(
      'unique: a second user with the same address or external id is rejected, until the first is deleted',
    );
  });

  it('fails a store whose locks let a closed account be written to', async () => {
    const unlocked = storeContract(() => {
      const seen = new Map<number, Credentials | undefined>();
      return storeWith(({ users }) => ({
        users: changed(users, {
          async lockCredentials(id) {
            const current = (await users.lockCredentials(id)) ?? seen.get(id);
            seen.set(id, current);
            return current;
          },
        }),
      }));
    });
    expect(await failedCases(unlocked)).toContain(
      'once: no row is stored for an account once it was closed and purged, by callers that lock it',
    );
  });

  it('fails, for every port, two stores that share their records', async () => {
    let shared = memoryStore();
    const failed = await failedCases(
      storeContract((name) => {
        if (name === 'first') shared = memoryStore();
        return shared;
      }),
    );
    const ports = ['a user', 'a session', 'a network', 'a closed account', 'a one-time token of any purpose'];
    const promises = [...ports, 'a mail of any kind', 'an event of any type', 'a signing key'].map(
      (record) => `isolated: ${record} of one instance does not appear in an unrelated one`,
    );
    expect(failed).toEqual(promises);
  });
});
