import type { SealedKeyPair } from './key-material.ts';

/** A signing key as it is stored: a key pair and its turn. */
export interface StoredKey extends SealedKeyPair {
  readonly createdAt: Date;
  /** When it starts to sign, in the place of its predecessor. */
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
  /**
   * Adds a key behind its predecessor. Returns whether this call added it: a key has one successor, and none once it was
   * deleted.
   */
  append(key: StoredKey): Promise<boolean>;

  /** Replaces the sealed private key of a key. */
  reseal(kid: string, sealedPrivateKey: string): Promise<void>;

  /** Forgets a key. */
  delete(kid: string): Promise<void>;

  /** Forgets every key, and returns how many. A key that another transaction is adding behind one of them is included. */
  deleteAll(): Promise<number>;
}
