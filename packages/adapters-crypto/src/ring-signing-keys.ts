import type { AcceptedKey, KeyRing } from '@sallyport/core';
import { type CryptoKey, importJWK } from 'jose';
import { signingAlgorithm as alg } from './ed25519-key-material.ts';
import type { SigningKey, SigningKeys, VerificationKey } from './signing-keys.ts';

/** The keys of a ring, in the form that signs and verifies tokens. */
export class RingSigningKeys implements SigningKeys {
  readonly #ring: Pick<KeyRing<CryptoKey>, 'active' | 'find'>;
  /** By kid. An entry never becomes stale, since a kid is the thumbprint of its key. */
  readonly #imported = new Map<string, VerificationKey>();

  constructor(ring: Pick<KeyRing<CryptoKey>, 'active' | 'find'>) {
    this.#ring = ring;
  }

  async active(): Promise<SigningKey> {
    return { ...(await this.#ring.active()), alg };
  }

  async find(kid: string): Promise<VerificationKey | undefined> {
    // The ring is asked each time, because it knows when a key retires.
    const found = await this.#ring.find(kid);
    return found && (this.#imported.get(kid) ?? this.#import(found));
  }

  async #import({ kid, jwk }: AcceptedKey): Promise<VerificationKey> {
    const key = { kid, alg, publicKey: (await importJWK(jwk, alg)) as CryptoKey };
    this.#imported.set(kid, key);
    return key;
  }
}
