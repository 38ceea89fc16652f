export { Argon2PasswordHasher, type Argon2PasswordHasherOptions } from './argon2-password-hasher.ts';
export { ListedCommonPasswords } from './common-passwords.ts';
export { cryptoPorts, type CryptoPortsOptions } from './crypto-ports.ts';
export { HmacRefreshTokens } from './hmac-refresh-tokens.ts';
export { JwtAccessTokens, type JwtAccessTokensOptions } from './jwt-access-tokens.ts';
export { KeyRing, type KeyRingOptions } from './key-ring.ts';
export { RandomSecrets } from './random-secrets.ts';
export type { DeploymentSecrets } from './secrets-of.ts';
export type { SigningKey, SigningKeys, VerificationKey } from './signing-keys.ts';
