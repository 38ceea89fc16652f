import {
  accessTokensContract,
  commonPasswordsContract,
  passwordHasherContract,
  refreshTokensContract,
  secretGeneratorContract,
} from '@sallyport/core/contracts';
import { describe, it } from 'vitest';
import { memoryPorts } from '@sallyport/adapters-memory';
import { cryptoPorts } from './index.ts';

const options = { secretKey: 'a secret key for tests, long enough', issuer: 'https://accounts.example.com' };
const ports = cryptoPorts(options, memoryPorts());

describe.each([
  ['Argon2PasswordHasher', passwordHasherContract(() => ports.hasher)],
  ['JwtAccessTokens', accessTokensContract(() => ports.accessTokens)],
  ['HmacRefreshTokens', refreshTokensContract(() => ports.refreshTokens)],
  ['RandomSecrets', secretGeneratorContract(() => ports.secrets)],
  ['ListedCommonPasswords', commonPasswordsContract(() => ports.commonPasswords)],
])('%s', (_, contract) => {
  it.each(contract)('keeps $part: $name', ({ run }) => run());
});
