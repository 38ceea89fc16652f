import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RefreshTokenClaims, RefreshTokens } from '@sallyport/core';
import { type DeploymentSecrets, keysFor } from './secrets-of.ts';

/** A session's id, its generation, and 256 bits of proof. */
const spelling = /^([A-Za-z0-9_-]{22})\.(0|[1-9][0-9]{0,14})\.([A-Za-z0-9_-]{43})$/;

/**
 * Refresh tokens of which nothing is stored: a session's id and generation with a MAC (HMAC-SHA256). Each session has
 * its own MAC key, derived from the deployment's secret.
 */
export class HmacRefreshTokens implements RefreshTokens {
  readonly #keys: readonly Uint8Array[];

  /** @throws RangeError when a secret is too short */
  constructor(secrets: DeploymentSecrets) {
    this.#keys = keysFor('refresh tokens', secrets);
  }

  async issue(claims: RefreshTokenClaims): Promise<string> {
    const [current = new Uint8Array()] = this.#keys;
    return `${claims.sessionId}.${claims.generation}.${mac(current, claims).toString('base64url')}`;
  }

  async read(token: string): Promise<RefreshTokenClaims | undefined> {
    const [, sessionId = '', generation, proof = ''] = spelling.exec(token) ?? [];
    if (generation === undefined) return undefined;
    const claims = { sessionId, generation: Number(generation) };
    const given = Buffer.from(proof, 'base64url');
    // A token has one spelling only: the last character of base64url has bits that decoding ignores.
    if (given.toString('base64url') !== proof) return undefined;
    return this.#keys.some((key) => timingSafeEqual(mac(key, claims), given)) ? claims : undefined;
  }
}

function mac(key: Uint8Array, { sessionId, generation }: RefreshTokenClaims): Buffer {
  const sessionKey = createHmac('sha256', key).update(sessionId).digest();
  return createHmac('sha256', sessionKey).update(String(generation)).digest();
}
