import { randomBytes } from 'node:crypto';
import type { SecretGenerator, SessionId } from '@sallyport/core';

/** Secrets from the operating system's random source. */
export class RandomSecrets implements SecretGenerator {
  sessionId(): SessionId {
    return randomBytes(16).toString('base64url');
  }
}
