import {
  accessTokensContract,
  clockContract,
  commonPasswordsContract,
  passwordHasherContract,
  refreshTokensContract,
  secretGeneratorContract,
  storeContract,
} from '@sallyport/core/contracts';
import { describe, it } from 'vitest';
import {
  FewCommonPasswords,
  ManualClock,
  memoryStore,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
  SystemClock,
} from './index.ts';

describe.each([
  ['memoryStore', storeContract(async () => memoryStore())],
  ['PlainPasswordHasher', passwordHasherContract(() => new PlainPasswordHasher())],
  ['OpaqueAccessTokens', accessTokensContract(() => new OpaqueAccessTokens())],
  ['OpaqueRefreshTokens', refreshTokensContract(() => new OpaqueRefreshTokens())],
  ['SequentialSecrets', secretGeneratorContract(() => new SequentialSecrets())],
  ['FewCommonPasswords', commonPasswordsContract(() => new FewCommonPasswords())],
  ['SystemClock', clockContract(() => new SystemClock())],
  ['ManualClock', clockContract(() => new ManualClock())],
])('%s', (_, contract) => {
  it.each(contract)('keeps $part: $name', ({ run }) => run());
});
