/** Where a key stands: shown, signing, or only believed. */
export type KeyState = 'next' | 'active' | 'retiring' | 'retired';

/** A signing key as everybody may know it. */
export interface PublicKey {
  readonly kid: string;
  readonly state: KeyState;
  /** From when on it signs. */
  readonly activeFrom: Date;
  /** RFC 7517, public parts only. */
  readonly jwk: Readonly<Record<string, string>>;
}

/**
 * The keys that sign access tokens, as use cases see them. They rotate on schedule and by command, on every node,
 * without a restart. `KeyRing` implements it; where access tokens are not signed, it has no keys.
 */
export interface SigningKeyRing {
  /** The keys by which tokens are to be checked: next, active and retiring ones. Makes the first where there is none. */
  publicKeys(): Promise<readonly PublicKey[]>;

  /** Has another key take over soon; where one is about to anyway, that is enough. */
  rotate(): Promise<void>;

  /** Does what is due: a next key, the end of a retired one. */
  maintain(): Promise<void>;
}
