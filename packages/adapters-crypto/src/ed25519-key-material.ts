import type { KeyMaterial, SealedKeyPair } from '@sallyport/core';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import { KeySeal } from './sealed-keys.ts';
import type { DeploymentSecrets } from './secrets-of.ts';

/** The algorithm of every signing key (RFC 8037, section 3.1). */
export const signingAlgorithm = 'EdDSA';

/** Ed25519 key pairs, whose private keys are sealed with the secret of the deployment. */
export class Ed25519KeyMaterial implements KeyMaterial<CryptoKey> {
  readonly alg = signingAlgorithm;
  readonly #seal: KeySeal;

  /** @throws RangeError when a secret is too short */
  constructor(secrets: DeploymentSecrets) {
    this.#seal = new KeySeal(secrets);
  }

  async generate(): Promise<SealedKeyPair> {
    const { privateKey, publicKey } = await generateKeyPair(signingAlgorithm, { crv: 'Ed25519', extractable: true });
    const publicJwk = await exportJWK(publicKey);
    return {
      kid: await calculateJwkThumbprint(publicJwk),
      publicJwk: JSON.stringify(publicJwk),
      sealedPrivateKey: await this.#seal.seal(await exportJWK(privateKey)),
    };
  }

  /** @throws SallyportError `unavailable`, caused by an `UnreadableKeyError`, when neither secret opens it */
  async open(sealedPrivateKey: string): Promise<CryptoKey> {
    const { jwk } = await this.#seal.open(sealedPrivateKey);
    return (await importJWK(jwk, signingAlgorithm)) as CryptoKey;
  }

  /** @throws SallyportError `unavailable` as `open` does */
  async reseal(sealedPrivateKey: string): Promise<string | undefined> {
    const { jwk, isOutdated } = await this.#seal.open(sealedPrivateKey);
    return isOutdated ? this.#seal.seal(jwk) : undefined;
  }
}
