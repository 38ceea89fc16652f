import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SecretGenerator, SessionId } from '@sallyport/core';
import { type DeploymentSecrets, keysFor } from './secrets-of.ts';

/** Secrets from the operating system's random source, stored as their SHA-256. */
export class RandomSecrets implements SecretGenerator {
  readonly #key: Uint8Array;

  /** @throws RangeError when a secret is too short */
  constructor(secrets: DeploymentSecrets) {
    [this.#key = new Uint8Array()] = keysFor('digests', secrets);
  }

  sessionId(): SessionId {
    return randomBytes(16).toString('base64url');
  }

  oneTimeToken(): { token: string; digest: string } {
    const token = randomBytes(32).toString('base64url');
    return { token, digest: this.digest(token) };
  }

  digest(text: string): string {
    return createHash('sha256').update(text).digest('base64url');
  }

  keyedDigest(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
