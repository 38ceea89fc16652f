import type { SessionId } from '../model/session.ts';

/** Values that nobody can guess. */
export interface SecretGenerator {
  /** A session id of 128 random bits in base64url, never given out before. */
  sessionId(): SessionId;

  /** A token of 256 random bits in base64url, and the digest by which it is kept. */
  oneTimeToken(): { readonly token: string; readonly digest: string };

  /** The digest of any text: one that cannot be turned back. */
  digest(text: string): string;
}
