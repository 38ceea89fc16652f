import type { CryptoKey } from 'jose';

interface IdentifiedKey {
  /** The key's thumbprint: 43 characters of base64url (RFC 7638, with SHA-256). */
  readonly kid: string;
  /** The one algorithm that this key is for (RFC 7515, section 4.1.1). */
  readonly alg: string;
}

/** A key that signs tokens. */
export interface SigningKey extends IdentifiedKey {
  readonly privateKey: CryptoKey;
}

/** A key that tells whether a token was signed by its other half. */
export interface VerificationKey extends IdentifiedKey {
  readonly publicKey: CryptoKey;
}

/** The keys of a deployment. */
export interface SigningKeys {
  /** The key that signs what is issued now. */
  active(): Promise<SigningKey>;

  /** The key of ours that has this id, as long as tokens signed with it are to be believed. */
  find(kid: string): Promise<VerificationKey | undefined>;
}
