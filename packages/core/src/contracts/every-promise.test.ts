import { describe, expect, it } from 'vitest';
import type { StorePorts } from '../index.ts';
import {
  accessTokensContract,
  clockContract,
  commonPasswordsContract,
  type ContractCase,
  passwordHasherContract,
  rateLimiterContract,
  refreshTokensContract,
  secretGeneratorContract,
  storeContract,
} from './index.ts';

/** A port that takes whatever it is given and gives nothing back. */
const hollow: never = new Proxy({}, { get: () => () => Promise.resolve(undefined) }) as never;

const ports = {
  authority: hollow,
  users: hollow,
  sessions: hollow,
  posts: hollow,
  oneTimeTokens: hollow,
  audit: hollow,
  keys: hollow,
};

/** A store of such ports, whose transactions run. */
const hollowStore: StorePorts = {
  ...ports,
  unitOfWork: { run: (work) => work({ ...ports, outbox: hollow }) },
};

const contracts: Record<string, readonly ContractCase[]> = {
  stores: storeContract(() => Promise.resolve(hollowStore)),
  hashers: passwordHasherContract(() => hollow),
  'access tokens': accessTokensContract(() => hollow),
  'refresh tokens': refreshTokensContract(() => hollow),
  secrets: secretGeneratorContract(() => hollow),
  'common passwords': commonPasswordsContract(() => hollow),
  'rate limiters': rateLimiterContract(() =>
    Promise.resolve({ limiter: hollow, now: () => new Date(0), pass: () => Promise.resolve() }),
  ),
  clocks: clockContract(() => hollow),
};

describe.each(Object.entries(contracts))('Every promise in the contract of %s', (_, cases) => {
  it('is one that an adapter which does nothing breaks', async () => {
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

  it('has a name of its own, and says what kind of promise it is', () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { part, name } of cases) {
      expect(['faithful', 'unique', 'once', 'rolled back', 'isolated']).toContain(part);
      expect(name).toMatch(/[a-z]$/);
    }
  });
});

describe('The contract of stores', () => {
  it('holds each thing that a store keeps to something', () => {
    const subjects = new Set(contracts['stores']?.map(({ name }) => name.split(':')[0]));
    expect(subjects).toEqual(
      new Set(['a user', 'a session', 'a post', 'a one-time token', 'a mail', 'an event', 'a key', 'a transaction']),
    );
  });
});
