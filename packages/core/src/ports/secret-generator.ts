import type { SessionId } from '../model/session.ts';

/** Values that cannot be guessed. */
export interface SecretGenerator {
  /** A session id of 128 random bits in base64url, never used before. */
  sessionId(): SessionId;

  /** A token of 256 random bits in base64url, and the digest that is stored. */
  oneTimeToken(): { readonly token: string; readonly digest: string };

  /** A digest of any text, which cannot be reversed. */
  digest(text: string): string;

  /**
   * A digest of any text, in at most 64 characters, under a key of the deployment (RFC 2104). Without the key, not even
   * a text that can be guessed, such as an e-mail address, can be recognised by it. It is the same on every node and
   * after a restart, until the deployment's secret changes.
   */
  keyedDigest(text: string): string;
}
