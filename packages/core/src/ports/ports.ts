import type { AccessTokens } from './access-tokens.ts';
import type { Audit } from './audit.ts';
import type { Clock } from './clock.ts';
import type { CommonPasswords } from './common-passwords.ts';
import type { KeyStore } from './key-store.ts';
import type { KnownNetworks } from './known-networks.ts';
import type { Mailer } from './mailer.ts';
import type { OneTimeTokens } from './one-time-tokens.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { SecretGenerator } from './secret-generator.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeyRing } from './signing-key-ring.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { Users } from './users.ts';

/** The ports that one store implements together, since transactions span them. */
export interface StorePorts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly knownNetworks: KnownNetworks;
  readonly oneTimeTokens: OneTimeTokens;
  readonly audit: Audit;
  readonly keys: KeyStore;
  readonly unitOfWork: UnitOfWork;
}

/** The names of the ports of a store. A missing one does not compile. */
export const storePortNames = Object.keys({
  users: 0,
  sessions: 0,
  knownNetworks: 0,
  oneTimeTokens: 0,
  audit: 0,
  keys: 0,
  unitOfWork: 0,
} satisfies Record<keyof StorePorts, 0>) as readonly (keyof StorePorts)[];

const otherPortNames = Object.keys({
  hasher: 0,
  commonPasswords: 0,
  accessTokens: 0,
  refreshTokens: 0,
  keyRing: 0,
  mailer: 0,
  rateLimiter: 0,
  secrets: 0,
  clock: 0,
} satisfies Record<Exclude<keyof Ports, keyof StorePorts>, 0>) as readonly (keyof Ports)[];

/** The names of the core's ports. */
export const portNames: readonly (keyof Ports)[] = [...storePortNames, ...otherPortNames];

/** Everything that the core needs from outside. A use case takes only the ports that it needs. */
export interface Ports extends StorePorts {
  readonly hasher: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly keyRing: SigningKeyRing;
  readonly mailer: Mailer;
  readonly rateLimiter: RateLimiter;
  readonly secrets: SecretGenerator;
  readonly clock: Clock;
}
