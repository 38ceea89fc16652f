import type { SessionId } from '../model/session.ts';

/** Values that cannot be guessed. */
export interface SecretGenerator {
  /** A session id of 128 random bits in base64url, never used before. */
  sessionId(): SessionId;

  /** A token of 256 random bits in base64url, and the digest that is stored. */
  oneTimeToken(): { readonly token: string; readonly digest: string };

  /** A digest of any text, which cannot be reversed. */
  digest(text: string): string;
}
