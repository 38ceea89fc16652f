import {
  accessTokensContract,
  commonPasswordsContract,
  type InstanceName,
  passwordHasherContract,
  refreshTokensContract,
  secretGeneratorContract,
} from '@sallyport/core/contracts';
import { describe, it } from 'vitest';
import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { cryptoPorts } from './index.ts';

function open(instance: InstanceName) {
  const secretKey = `the secret key of the ${instance} instance, long enough`;
  return cryptoPorts({ secretKey, issuer: 'https://accounts.example.com' }, memoryPorts());
}
const ports = { first: open('first'), second: open('second') };

describe.each([
  ['Argon2PasswordHasher', passwordHasherContract((instance) => ports[instance].hasher)],
  ['JwtAccessTokens', accessTokensContract((instance) => ports[instance].accessTokens)],
  ['HmacRefreshTokens', refreshTokensContract((instance) => ports[instance].refreshTokens)],
  ['RandomSecrets', secretGeneratorContract((instance) => ports[instance].secrets)],
  ['ListedCommonPasswords', commonPasswordsContract((instance) => ports[instance].commonPasswords)],
])('%s', (_, contract) => {
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());
});
