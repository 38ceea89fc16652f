import {
  memoryStore,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from '@sallyport/adapters-memory';
import { describe, expect, it } from 'vitest';
import type { PasswordHasher, StorePorts, Transaction } from '../index.ts';
import {
  accessTokensContract,
  type ContractCase,
  commonPasswordsContract,
  passwordHasherContract,
  refreshTokensContract,
  secretGeneratorContract,
  storeContract,
} from './index.ts';

/** The names of the cases that an adapter fails. */
async function broken(contract: readonly ContractCase[]): Promise<string[]> {
  const names: string[] = [];
  for (const { name, part, run } of contract) {
    await run().catch(() => names.push(`${part}: ${name}`));
  }
  return names;
}

/** A store whose transactions hand out something else. */
function storeWith(change: (transaction: Transaction, store: StorePorts) => Transaction): Promise<StorePorts> {
  const store = memoryStore();
  return Promise.resolve({
    ...store,
    unitOfWork: { run: (work) => store.unitOfWork.run((transaction) => work(change(transaction, store))) },
  });
}

/** The port's methods, with some of them replaced. */
function changed<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, {
    get: (target, name) => {
      if (name in methods) return Reflect.get(methods, name);
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

describe('The contract of stores', () => {
  it('fails a store that checks first and acts later', async () => {
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
    expect(await broken(checkThenAct)).toEqual(['once: a session: is ended by one of twenty who try']);
  });

  it('fails a store whose transactions all find the admins that were there when they began', async () => {
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
    expect(await broken(unlocked)).toEqual([
      'once: a user: lets one of twenty admins stay when each leaves unless they are the last',
      'once: a user: lets one of twenty who find no admin make one',
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
    expect(await broken(stubborn)).toContain(
      'rolled back: a transaction: undoes everything when its work throws, and passes the error on',
    );
  });

  it('fails a store that shows what is not committed', async () => {
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
    expect(await broken(leaky)).toContain('isolated: a transaction: shows nobody what is not committed');
  });

  it('fails a store that lets its work read past the transaction', async () => {
    const careless = storeContract(async () => ({ ...memoryStore(), posts: memoryStore().posts }));
    expect(await broken(careless)).toContain(
      'isolated: a transaction: refuses reads past the transaction, at once, and allows them again behind it',
    );
  });

  it('fails a store that takes one address twice', async () => {
    const lax = storeContract(() =>
      storeWith((transaction) => ({
        ...transaction,
        users: changed(transaction.users, {
          append: (user) =>
            transaction.users.append({ ...user, email: `${Math.PI}${user.name}${user.email}` as never }),
        }),
      })),
    );
    expect(await broken(lax)).toContain('unique: a user: refuses a second user with the same address');
  });

  it('fails a store that leaves the posts of a deleted author behind', async () => {
    const forgetful = storeContract(() =>
      storeWith((transaction) => ({
        ...transaction,
        users: changed(transaction.users, { delete: async () => true }),
      })),
    );
    expect(await broken(forgetful)).toContain(
      'once: a post: leaves no orphan when its author is deleted while they post',
    );
  });
});

describe('The contract of hashers', () => {
  const plain = new PlainPasswordHasher();
  const brokenBy = (methods: Partial<PasswordHasher>) =>
    broken(passwordHasherContract(() => changed<PasswordHasher>(plain, methods)));

  it('fails one that cuts passwords at 72 bytes', async () => {
    const cut = (password: string) => Buffer.from(password).subarray(0, 72).toString('latin1');
    const truncating = brokenBy({
      hash: (password) => plain.hash(cut(password)),
      verify: (password, hash) => plain.verify(cut(password), hash),
    });
    expect(await truncating).toEqual(['faithful: the whole of a long password counts']);
  });

  it('fails one without salt', async () => {
    expect(await brokenBy({ hash: async (password) => `plain:1:${password}` })).toEqual([
      'unique: two hashes of one password differ',
    ]);
  });

  it('fails one that lets in whom it does not know', async () => {
    expect(await brokenBy({ verify: async (password, hash) => !hash || plain.verify(password, hash) })).toEqual([
      'faithful: nobody has the password of no hash, or of one that is none',
    ]);
  });
});

describe('The other contracts', () => {
  it('fail tokens that never expire', async () => {
    const eternal = new OpaqueAccessTokens();
    const tokens = changed(eternal, { verify: (token) => eternal.verify(token, new Date(0)) });
    expect(await broken(accessTokensContract(() => tokens))).toEqual([
      'faithful: a token holds until the second before it expires',
    ]);
  });

  it('fail refresh tokens that are known in another spelling, or that do not tell generations apart', async () => {
    const opaque = new OpaqueRefreshTokens();
    const trimming = changed(opaque, { read: (token) => opaque.read(token.trim()) });
    expect(await broken(refreshTokensContract(() => trimming))).toEqual([
      'faithful: no other string is a refresh token',
    ]);
    const stuck = changed(opaque, { issue: (claims) => opaque.issue({ ...claims, generation: 7 }) });
    expect(await broken(refreshTokensContract(() => stuck))).toEqual([
      'unique: each generation of each session has a token of its own',
    ]);
  });

  it('fail secrets that repeat and lists that know one spelling only', async () => {
    const same = changed(new SequentialSecrets(), { sessionId: () => 'A'.repeat(22) });
    expect(await broken(secretGeneratorContract(() => same))).toHaveLength(1);
    const exact = { includes: async (password: string) => ['password1', 'qwerty123'].includes(password) };
    expect(await broken(commonPasswordsContract(() => exact))).toHaveLength(1);
  });
});
