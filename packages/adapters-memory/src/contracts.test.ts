import {
  accessTokensContract,
  clockContract,
  commonPasswordsContract,
  passwordHasherContract,
  rateLimiterContract,
  refreshTokensContract,
  secretGeneratorContract,
  storeContract,
} from '@sallyport/core/contracts';
import { describe, it } from 'vitest';
import {
  FewCommonPasswords,
  ManualClock,
  MemoryRateLimiter,
  memoryStore,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
  SystemClock,
} from './index.ts';

function timed(limiter: MemoryRateLimiter) {
  const clock = new ManualClock();
  return { limiter, now: () => clock.now(), pass: async (seconds: number) => clock.advance(seconds) };
}

describe.each([
  ['memoryStore', storeContract(async () => memoryStore())],
  ['PlainPasswordHasher', passwordHasherContract(() => new PlainPasswordHasher())],
  ['OpaqueAccessTokens', accessTokensContract(() => new OpaqueAccessTokens())],
  ['OpaqueRefreshTokens', refreshTokensContract(() => new OpaqueRefreshTokens())],
  ['SequentialSecrets', secretGeneratorContract(() => new SequentialSecrets())],
  ['FewCommonPasswords', commonPasswordsContract(() => new FewCommonPasswords())],
  ['MemoryRateLimiter', rateLimiterContract(async () => timed(new MemoryRateLimiter()))],
  ['SystemClock', clockContract(() => new SystemClock())],
  ['ManualClock', clockContract(() => new ManualClock())],
])('%s', (_, contract) => {
  it.each(contract)('keeps $part: $name', ({ run }) => run());
});
