export { Argon2PasswordHasher, type Argon2PasswordHasherOptions } from './argon2-password-hasher.ts';
export { ListedCommonPasswords } from './common-passwords.ts';
export { cryptoPorts, type CryptoPortsOptions } from './crypto-ports.ts';
export { JwtAccessTokens, type JwtAccessTokensOptions } from './jwt-access-tokens.ts';
export { RandomSecrets } from './random-secrets.ts';
export { derivedSigningKeys, type SigningKey, type SigningKeys, type VerificationKey } from './signing-keys.ts';
