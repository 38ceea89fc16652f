import type { SessionId } from '../model/session.ts';

/** What a refresh token says: which session, and how often it had turned. */
export interface RefreshTokenClaims {
  readonly sessionId: SessionId;
  readonly generation: number;
}

/** Proof that a client may go on with a session. What it proves is held against the session itself. */
export interface RefreshTokens {
  /** The token of this generation of this session: the same each time it is asked for. */
  issue(claims: RefreshTokenClaims): Promise<string>;

  /** What the token says, if it is ours to the letter; `undefined` for any other string, however long or strange. */
  read(token: string): Promise<RefreshTokenClaims | undefined>;
}
