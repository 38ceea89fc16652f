import type { Ports } from '@sallyport/core';
import { Argon2PasswordHasher, type Argon2PasswordHasherOptions } from './argon2-password-hasher.ts';
import { ListedCommonPasswords } from './common-passwords.ts';
import { JwtAccessTokens } from './jwt-access-tokens.ts';
import { RandomSecrets } from './random-secrets.ts';
import { derivedSigningKeys } from './signing-keys.ts';

/** What the ports of this package need to know. */
export interface CryptoPortsOptions extends Argon2PasswordHasherOptions {
  /** At least 32 bytes, the same on every node: the signing key follows from it. */
  readonly secretKey: string | Uint8Array;
  /** The `iss` of access tokens: the URL by which clients know this service. */
  readonly issuer: string;
  /** The `aud` of access tokens; the issuer where nothing else is said. */
  readonly audience?: string;
}

/** Seconds: no access token of ours is meant to live longer than a day. */
const maxLifetime = 86_400;

/**
 * The ports that this package implements, ready for `createApplication`.
 *
 * @throws RangeError when the secret is too short or an option out of its bounds
 */
export function cryptoPorts(
  options: CryptoPortsOptions,
): Pick<Ports, 'hasher' | 'commonPasswords' | 'accessTokens' | 'secrets'> {
  const { secretKey, issuer, audience = issuer } = options;
  return {
    hasher: new Argon2PasswordHasher(options),
    commonPasswords: new ListedCommonPasswords(),
    accessTokens: new JwtAccessTokens({ issuer, audience, keys: derivedSigningKeys(secretKey), maxLifetime }),
    secrets: new RandomSecrets(),
  };
}
