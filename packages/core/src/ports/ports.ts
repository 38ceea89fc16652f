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

/** The methods of each port. One that is left out, or does not exist, does not compile. */
type Methods<Group> = { readonly [Port in keyof Group]: Readonly<Record<MethodOf<Group[Port]>, 0>> };
type MethodOf<Port> = { [Key in keyof Port]: Port[Key] extends (...given: never) => unknown ? Key : never }[keyof Port];

const storePorts = {
  users: { findById: 0, findCredentials: 0, list: 0, listCredentials: 0 },
  sessions: { findWithUser: 0, listLive: 0 },
  knownNetworks: { isKnown: 0 },
  oneTimeTokens: { find: 0 },
  audit: { list: 0, since: 0 },
  keys: { list: 0 },
  unitOfWork: { run: 0 },
} satisfies Methods<StorePorts>;

const otherPorts = {
  hasher: { hash: 0, verify: 0, accepts: 0, needsRehash: 0 },
  commonPasswords: { includes: 0 },
  accessTokens: { issue: 0, verify: 0 },
  refreshTokens: { issue: 0, read: 0 },
  keyRing: { publicKeys: 0, rotate: 0, revoke: 0, maintain: 0 },
  mailer: { send: 0 },
  rateLimiter: { count: 0, countInTurn: 0, read: 0, forget: 0, purge: 0 },
  secrets: { sessionId: 0, oneTimeToken: 0, digest: 0, keyedDigest: 0 },
  clock: { now: 0 },
} satisfies Methods<Omit<Ports, keyof StorePorts>>;

/** The methods of ports, by the name of the port. */
export type PortMethods = Readonly<Record<string, readonly string[]>>;

const methodsOf = (ports: object): PortMethods =>
  Object.fromEntries(Object.entries(ports).map(([name, methods]) => [name, Object.keys(methods as object)]));

/** The methods of a store's ports. */
export const storePortMethods = methodsOf(storePorts);

/** The methods of the core's ports. */
export const portMethods = methodsOf({ ...storePorts, ...otherPorts });

/** The names of the core's ports. */
export const portNames = Object.keys(portMethods) as readonly (keyof Ports)[];
