import { createHash, randomBytes } from 'node:crypto';
import type { SecretGenerator, SessionId } from '@sallyport/core';

/** Secrets from the operating system's random source, stored as their SHA-256. */
export class RandomSecrets implements SecretGenerator {
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
}
