import { describe, expect, it } from 'vitest';
import type { NewUser, StorePorts, User } from '../index.ts';
import { postsContract } from '../posts/posts-contract.ts';
import {
  accessTokensContract,
  auditContract,
  authorityContract,
  clockContract,
  commonPasswordsContract,
  closedAccountsContract,
  type ContractCase,
  keysContract,
  knownNetworksContract,
  mailerContract,
  oneTimeTokensContract,
  outboxContract,
  passwordHasherContract,
  rateLimiterContract,
  refreshTokensContract,
  secretGeneratorContract,
  sessionsContract,
  storeContract,
  unitOfWorkContract,
  usersContract,
} from './index.ts';

/** A port that accepts every call and returns nothing. It is not a promise itself, so it has no `then`. */
const hollow: never = new Proxy(
  {},
  { get: (_, name) => (name === 'then' ? undefined : () => Promise.resolve(undefined)) },
) as never;

const ports = {
  authority: hollow,
  users: hollow,
  sessions: hollow,
  knownNetworks: hollow,
  oneTimeTokens: hollow,
  audit: hollow,
  keys: hollow,
};

/** A store of such ports, whose transactions run. */
const hollowStore: StorePorts = {
  ...ports,
  unitOfWork: { run: (work) => work({ ...ports, closedAccounts: hollow, outbox: hollow }) },
};

let lastId = 0;

/** The same store, beside users that exist. */
const openHollow = () => ({
  ...hollowStore,
  arrange: {
    user: async ({ passwordHash: _, ...user }: NewUser): Promise<User> => ({
      ...user,
      id: (lastId += 1),
    }),
    updateUser: async () => {},
    deleteUser: async () => {},
  },
});

const portContracts: Record<string, readonly ContractCase[]> = {
  users: usersContract(openHollow),
  sessions: sessionsContract(openHollow),
  'known networks': knownNetworksContract(openHollow),
  'closed accounts': closedAccountsContract(openHollow),
  'one-time tokens': oneTimeTokensContract(openHollow),
  outboxes: outboxContract(openHollow),
  audits: auditContract(openHollow),
  keys: keysContract(openHollow),
  authorities: authorityContract(openHollow),
  'units of work': unitOfWorkContract(openHollow),
};

const contracts: Record<string, readonly ContractCase[]> = {
  ...portContracts,
  posts: postsContract(() => ({
    ...openHollow(),
    posts: hollow,
    unitOfWork: { run: (work) => work({ audit: hollow, posts: hollow }) },
  })),
  stores: storeContract(() => hollowStore),
  mailers: mailerContract(() => ({
    mailer: hollow,
    delivered: async () => [],
    refuse: async () => {},
    refuseRecipients: undefined,
    accept: async () => {},
  })),
  hashers: passwordHasherContract(() => hollow),
  'access tokens': accessTokensContract(() => hollow),
  'refresh tokens': refreshTokensContract(() => hollow),
  secrets: secretGeneratorContract(() => hollow),
  'common passwords': commonPasswordsContract(() => hollow),
  'rate limiters': rateLimiterContract(() => ({
    limiter: hollow,
    now: () => new Date(0),
    pass: () => Promise.resolve(),
  })),
  clocks: clockContract(() => hollow),
};

describe.each(Object.entries(contracts))('Every promise in the contract of %s', (_, cases) => {
  it('is broken by an adapter that does nothing', async () => {
    const kept: string[] = [];
    for (const { name, run } of cases) {
      await run().then(
        () => kept.push(name),
        () => {},
      );
    }
    expect(cases).not.toEqual([]);
    expect(kept).toEqual([]);
  });

  it('is stated by its failure, with what was expected and what was received', async () => {
    for (const { name, run } of cases) {
      const failure: unknown = await run().catch((error: unknown) => error);
      const lines = (failure as Error).message.split('\n');
      expect(lines[0]).toBe(name);
      expect(lines.at(-2)).toMatch(/^expected: ./);
      expect(lines.at(-1)).toMatch(/^received: ./);
    }
  });

  it('has its own name and one of the five parts', () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { part, name } of cases) {
      expect(['faithful', 'unique', 'once', 'rolled back', 'isolated']).toContain(part);
      expect(name).toMatch(/[a-z0-9]$/);
    }
  });
});

describe('The contract of stores', () => {
  it('contains the contract of each of its ports', () => {
    const names = new Set(contracts['stores']?.map(({ name }) => name));
    const missing = Object.values(portContracts).flatMap((cases) => cases.filter(({ name }) => !names.has(name)));
    expect(missing).toEqual([]);
  });
});
