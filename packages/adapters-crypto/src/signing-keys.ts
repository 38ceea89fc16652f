import type { CryptoKey } from 'jose';

interface IdentifiedKey {
  /** The key's thumbprint: 43 characters of base64url (RFC 7638, with SHA-256). */
  readonly kid: string;
  /** The only algorithm of this key (RFC 7515, section 4.1.1). */
  readonly alg: string;
}

/** A key that signs tokens. */
export interface SigningKey extends IdentifiedKey {
  readonly privateKey: CryptoKey;
}

/** A key that verifies the signatures of its private key. */
export interface VerificationKey extends IdentifiedKey {
  readonly publicKey: CryptoKey;
}

/** The keys of a deployment. */
export interface SigningKeys {
  /** The key that signs new tokens. */
  active(): Promise<SigningKey>;

  /** The deployment's key with this id, as long as tokens signed with it are accepted. */
  find(kid: string): Promise<VerificationKey | undefined>;
}
