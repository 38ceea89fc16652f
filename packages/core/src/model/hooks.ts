import type { Anyone } from './caller.ts';
import { isStorableJson, type JsonValue, storableJson } from './json.ts';
import type { User } from './user.ts';

/** An account that is about to be created. */
export type AccountDraft = Pick<User, 'name' | 'email' | 'externalId' | 'profile' | 'role'>;

/** What a host adds to use cases of the core. Hooks run outside transactions of the core. */
export interface Hooks {
  /**
   * Decides whether an account may be created: by its owner, by an admin, or by the system. It may be called for an
   * address that is taken.
   *
   * @returns a sentence for the caller if the account is refused
   */
  refuseAccount?(account: AccountDraft, caller: Anyone): string | undefined | Promise<string | undefined>;

  /** Returns further claims of the access tokens of an account. They are not encrypted, and the client can read them. */
  accessTokenClaims?(user: User): ExtraClaims | Promise<ExtraClaims>;
}

/** Claims of a token, by their names (RFC 7519, section 4). */
export type ExtraClaims = Readonly<Record<string, JsonValue>>;

/** The claims that a host may not set: those of RFC 7519, RFC 9068 and OpenID Connect that decide who a token is for. */
const reservedClaims = new Set(
  'iss sub aud exp nbf iat jti client_id sid scope auth_time acr amr azp nonce cnf act may_act typ'.split(' '),
);

/** @throws Error that names a claim that a host may not set, or that says that the claims are no JSON */
export function refuseUnusableClaims(claims: ExtraClaims): void {
  const reserved = Object.keys(claims).find((name) => reservedClaims.has(name));
  if (reserved !== undefined) throw new Error(`accessTokenClaims may not set the claim "${reserved}"`);
  if (!isStorableJson({ ...claims })) throw new Error(`accessTokenClaims must return ${storableJson}`);
}
