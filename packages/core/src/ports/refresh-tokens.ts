import type { SessionId } from '../model/session.ts';

/** The claims of a refresh token: the session, and how often its token had been rotated. */
export interface RefreshTokenClaims {
  readonly sessionId: SessionId;
  readonly generation: number;
}

/** Proof that a client may continue a session. It is checked against the session itself. */
export interface RefreshTokens {
  /** The token of this generation of this session. Every call returns the same token. */
  issue(claims: RefreshTokenClaims): Promise<string>;

  /**
   * The claims of a token that this deployment issued, unchanged to the letter; `undefined` for any other string,
   * however long or strange.
   */
  read(token: string): Promise<RefreshTokenClaims | undefined>;
}
