import type { ExtraClaims } from '../model/hooks.ts';
import type { UserId } from '../model/user.ts';
import type { SessionId } from '../model/session.ts';

/** The claims of an access token: the user, and the session. */
export interface AccessTokenClaims {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}

/** The claims that a token is issued with. */
export interface IssuedClaims extends AccessTokenClaims {
  /** Further claims for other services that read the token. `verify` does not return them. */
  readonly extra?: ExtraClaims | undefined;
}

/** From when until when an access token is valid, in whole seconds; the end is excluded. */
export interface Validity {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** The claims and the validity of an access token. */
export type VerifiedAccessToken = AccessTokenClaims & Validity;

/** Signed proof of a session, which a client carries. */
export interface AccessTokens {
  /** The longest lifetime of a token that it issues, in seconds; any if absent. */
  readonly longestLifetime?: number | undefined;

  /**
   * Issues a signed token with these claims. No two tokens are alike.
   *
   * @throws Error when the claims are too long for a token
   */
  issue(claims: IssuedClaims, validity: Validity): Promise<string>;

  /**
   * The claims of a token that this deployment issued, unchanged to the letter, and that is valid at `now`; `undefined`
   * for any other string, however long or strange.
   */
  verify(token: string, now: Date): Promise<VerifiedAccessToken | undefined>;
}
