import { type Clock, defaultPolicy, KeyRing, type Ports, type StorePorts } from '@sallyport/core';
import { Argon2PasswordHasher, type Argon2PasswordHasherOptions } from './argon2-password-hasher.ts';
import { ListedCommonPasswords } from './common-passwords.ts';
import { Ed25519KeyMaterial } from './ed25519-key-material.ts';
import { HmacRefreshTokens } from './hmac-refresh-tokens.ts';
import { JwtAccessTokens } from './jwt-access-tokens.ts';
import { RandomSecrets } from './random-secrets.ts';
import { RingSigningKeys } from './ring-signing-keys.ts';
import type { DeploymentSecrets } from './secrets-of.ts';
import { within } from './within.ts';

/** The options of the ports of this package. Lifetimes are in seconds. */
export interface CryptoPortsOptions extends DeploymentSecrets, Argon2PasswordHasherOptions {
  /** The `iss` of access tokens: the public URL of this service. */
  readonly issuer: string;
  /** The `aud` of access tokens; the issuer if absent. */
  readonly audience?: string | undefined;
  /** How long a signing key signs; 90 days if absent. */
  readonly keyRotationInterval?: number;
  /**
   * How long a retired signing key is still accepted: the lifetime of access tokens, which the policy of
   * `createApplication` sets. It is a day at most. No token is issued with a longer lifetime.
   */
  readonly accessTokenLifetime?: number | undefined;
}

const day = 86_400;

/**
 * The longest lifetime of an access token that is accepted. It does not depend on the configured lifetime: a token that
 * was issued under a longer one stays valid.
 */
const maxLifetime = day;

/**
 * The ports that this package implements, ready for `createApplication`. The signing keys are kept, sealed, in the
 * store.
 *
 * @throws RangeError when a secret is too short or an option is out of bounds
 */
export function cryptoPorts(
  options: CryptoPortsOptions,
  { keys, unitOfWork, clock }: Pick<StorePorts, 'keys' | 'unitOfWork'> & { readonly clock: Clock },
): Pick<Ports, 'commonPasswords' | 'accessTokens' | 'refreshTokens' | 'keyRing' | 'secrets'> & {
  readonly hasher: Argon2PasswordHasher;
} {
  const { issuer, audience = issuer, keyRotationInterval = 90 * day } = options;
  const { accessTokenLifetime = defaultPolicy.accessTokenLifetime } = options;
  const lifetime = within({ min: 1, max: maxLifetime }, 'accessTokenLifetime', accessTokenLifetime);
  const schedule = { rotationInterval: keyRotationInterval, overlap: lifetime };
  const keyRing = new KeyRing({ ...schedule, material: new Ed25519KeyMaterial(options), keys, unitOfWork, clock });
  return {
    hasher: new Argon2PasswordHasher(options),
    commonPasswords: new ListedCommonPasswords(),
    accessTokens: new JwtAccessTokens({ issuer, audience, keys: new RingSigningKeys(keyRing), lifetime, maxLifetime }),
    refreshTokens: new HmacRefreshTokens(options),
    keyRing,
    secrets: new RandomSecrets(options),
  };
}
