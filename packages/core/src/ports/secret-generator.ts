import type { SessionId } from '../sessions/session.ts';

/** Values that nobody can guess. */
export interface SecretGenerator {
  /** A session id of 128 random bits in base64url, never given out before. */
  sessionId(): SessionId;
}
