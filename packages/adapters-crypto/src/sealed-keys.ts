import { SallyportError } from '@sallyport/core';
import { CompactEncrypt, compactDecrypt, errors, type JWK } from 'jose';
import { type DeploymentSecrets, keysFor } from './secrets-of.ts';

/** A private key that was opened, and whether the previous secret was needed to open it. */
export interface OpenedKey {
  readonly jwk: JWK;
  readonly isOutdated: boolean;
}

/** The reason why nothing can be signed: the keys are sealed with a secret other than the deployment's. */
export class UnreadableKeyError extends Error {
  override readonly name = 'UnreadableKeyError';
  constructor() {
    super('A signing key cannot be read: SECRET_KEY is not the one it was sealed with, nor is SECRET_KEY_PREVIOUS');
  }
}

/** Seals private keys with the deployment's secret, as encrypted JWKs (RFC 7517, section 7), by AES-256-GCM. */
export class KeySeal {
  readonly #keys: readonly Uint8Array[];

  /** @throws RangeError when a secret is too short */
  constructor(secrets: DeploymentSecrets) {
    this.#keys = keysFor('seal of signing keys', secrets);
  }

  seal(jwk: JWK): Promise<string> {
    const [current = new Uint8Array()] = this.#keys;
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(jwk)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'jwk+json' })
      .encrypt(current);
  }

  /** @throws SallyportError `unavailable`, caused by an `UnreadableKeyError`, when neither secret opens it */
  async open(sealed: string): Promise<OpenedKey> {
    for (const [index, key] of this.#keys.entries()) {
      const jwk = await openWith(key, sealed);
      if (jwk) return { jwk, isOutdated: index > 0 };
    }
    throw new SallyportError('unavailable', { cause: new UnreadableKeyError() });
  }
}

async function openWith(key: Uint8Array, sealed: string): Promise<JWK | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return JSON.parse(new TextDecoder().decode(plaintext)) as JWK;
  } catch (error) {
    if (error instanceof errors.JWEDecryptionFailed) return undefined;
    throw error;
  }
}
