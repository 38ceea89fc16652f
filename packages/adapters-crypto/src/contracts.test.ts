import {
  accessTokensContract,
  commonPasswordsContract,
  passwordHasherContract,
  secretGeneratorContract,
} from '@sallyport/core/contracts';
import { describe, it } from 'vitest';
import { cryptoPorts } from './index.ts';

const ports = cryptoPorts({ secretKey: 'a secret key for tests, long enough', issuer: 'https://accounts.example.com' });

describe.each([
  ['Argon2PasswordHasher', passwordHasherContract(() => ports.hasher)],
  ['JwtAccessTokens', accessTokensContract(() => ports.accessTokens)],
  ['RandomSecrets', secretGeneratorContract(() => ports.secrets)],
  ['ListedCommonPasswords', commonPasswordsContract(() => ports.commonPasswords)],
])('%s', (_, contract) => {
  it.each(contract)('keeps $part: $name', ({ run }) => run());
});
