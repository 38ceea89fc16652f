import type { AccessTokenClaims } from '@sallyport/core';
import type { VerificationKey } from './signing-keys.ts';

/** What was read from a token whose signature was verified. Times are in seconds since the epoch. */
export interface VerifiedToken {
  readonly key: VerificationKey;
  readonly claims: AccessTokenClaims;
  readonly iat: number;
  /** The later of `iat` and `nbf`. */
  readonly validFrom: number;
  readonly exp: number;
}

/** An entry with its token takes about a kilobyte. */
const maxTokens = 10_000;

/**
 * Remembers tokens whose signature was verified, since a client sends the same token many times. The key of an entry is
 * the whole token, which is compared in full, so no other token can have its entry: a key made from parts of a token
 * could be the same for two of them (fast-jwt CVE-2026-35039). An entry holds only what never changes: times and keys
 * must be checked at each use.
 */
export class VerifiedTokens {
  readonly #byToken = new Map<string, VerifiedToken>();

  find(token: string): VerifiedToken | undefined {
    return this.#byToken.get(token);
  }

  /** Remembers a token in the place of the oldest if there are too many. */
  remember(token: string, verified: VerifiedToken): void {
    this.#byToken.set(token, verified);
    if (this.#byToken.size <= maxTokens) return;
    const [oldest] = this.#byToken.keys();
    if (oldest !== undefined) this.#byToken.delete(oldest);
  }

  forget(token: string): void {
    this.#byToken.delete(token);
  }
}
