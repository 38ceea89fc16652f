import type { SealedKeyPair } from './key-material.ts';

/** A signing key as it is kept: a key pair and its turn. */
export interface StoredKey extends SealedKeyPair {
  readonly createdAt: Date;
  /** From when on it signs, in the place of its predecessor. */
  readonly activeFrom: Date;
  /** The `kid` of the key before it; empty for the first. */
  readonly predecessor: string;
}

/** Reads the keys, outside any transaction. */
export interface KeyStore {
  /** All keys, in the order in which they sign. */
  list(): Promise<readonly StoredKey[]>;
}

/** Writes the keys, inside a transaction. */
export interface WritableKeyStore {
  /** Adds a key behind its predecessor; says whether it was this call that did, since a key has one successor. */
  append(key: StoredKey): Promise<boolean>;

  /** Replaces what is sealed in a key. */
  reseal(kid: string, sealedPrivateKey: string): Promise<void>;

  /** Forgets a key. */
  delete(kid: string): Promise<void>;
}
