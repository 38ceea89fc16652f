/** The state of a key: published, signing, still accepted, or no longer accepted. */
export type KeyState = 'next' | 'active' | 'retiring' | 'retired';

/** A signing key without its secret part. */
export interface PublicKey {
  readonly kid: string;
  readonly state: KeyState;
  /** When it starts to sign. */
  readonly activeFrom: Date;
  /** The public key (RFC 7517). */
  readonly jwk: Readonly<Record<string, string>>;
}

/**
 * The keys that sign access tokens, as use cases see them. They rotate on schedule and by command, on every node,
 * without a restart. `KeyRing` implements it. If access tokens are not signed, it has no keys.
 */
export interface SigningKeyRing {
  /** The keys that verify tokens: next, active and retiring ones. Creates the first key if there is none. */
  publicKeys(): Promise<readonly PublicKey[]>;

  /** Starts the rotation to a new key. If one is already about to sign, that is enough. */
  rotate(): Promise<void>;

  /**
   * Deletes every key and creates another one, which signs immediately. Tokens of the deleted keys become invalid: on
   * this node at once, on others once they read the keys again.
   */
  revoke(): Promise<void>;

  /** Creates the next key and deletes retired ones, when due. */
  maintain(): Promise<void>;
}
