/** A new key pair, as it is stored. */
export interface SealedKeyPair {
  /** The thumbprint of the public key (RFC 7638), different for every pair. */
  readonly kid: string;
  /** The public key as JSON (RFC 7517), without any private part. */
  readonly publicJwk: string;
  /** The private key, encrypted with the current secret of the deployment. */
  readonly sealedPrivateKey: string;
}

/**
 * The cryptography of signing keys: it generates, seals and opens them. `KeyRing` decides which key signs, and when.
 * The core passes an opened private key on and never looks inside it.
 */
export interface KeyMaterial<PrivateKey> {
  /** The algorithm of every key (RFC 7515, section 4.1.1). */
  readonly alg: string;

  /** Generates a key pair. Every node with the same secret can open its private key. */
  generate(): Promise<SealedKeyPair>;

  /**
   * Opens a private key that was sealed with the current or the previous secret.
   *
   * @throws SallyportError `unavailable` when neither secret opens it; its cause says so
   */
  open(sealedPrivateKey: string): Promise<PrivateKey>;

  /**
   * Seals a private key with the current secret; `undefined` if it is already sealed with that secret.
   *
   * @throws SallyportError `unavailable` as `open` does
   */
  reseal(sealedPrivateKey: string): Promise<string | undefined>;
}
