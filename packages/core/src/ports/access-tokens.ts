import type { UserId } from '../model/user.ts';
import type { SessionId } from '../model/session.ts';

/** What an access token says: who acts, in which session. */
export interface AccessTokenClaims {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}

/** When an access token holds, to the second; the end is not part of it. */
export interface Validity {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** What an access token says, and since and until when. */
export type VerifiedAccessToken = AccessTokenClaims & Validity;

/** Signed proof of a session that a client carries along. */
export interface AccessTokens {
  /** A signed token that says `claims`, no two alike. */
  issue(claims: AccessTokenClaims, validity: Validity): Promise<string>;

  /**
   * What the token says, if it is ours to the letter and holds at `now`; `undefined` for any other
   * string, however long or strange.
   */
  verify(token: string, now: Date): Promise<VerifiedAccessToken | undefined>;
}
