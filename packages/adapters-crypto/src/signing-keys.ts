import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type CryptoKey, importJWK, type JWK } from 'jose';

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

/** Tells this use of a deployment's secret from every other one; to change it is to change every key. */
const purpose = 'sallyport access token signing key, Ed25519, 1';

const minSecretBytes = 32;

/**
 * One Ed25519 key per deployment, which follows from its secret: nodes that share the secret share the
 * key, and nothing has to be stored. The key is made when it is first asked for.
 *
 * @param secretKey at least 32 bytes; of a string, its UTF-8
 * @throws RangeError when the secret is shorter
 */
export function derivedSigningKeys(secretKey: string | Uint8Array): SigningKeys {
  if (Buffer.byteLength(secretKey) < minSecretBytes) {
    throw new RangeError(`The secret key must have at least ${minSecretBytes} bytes`);
  }
  let derived: Promise<SigningKey & VerificationKey> | undefined;
  const key = () => (derived ??= deriveKey(secretKey));
  return {
    active: key,
    find: async (kid) => {
      const own = await key();
      return kid === own.kid ? own : undefined;
    },
  };
}

async function deriveKey(secretKey: string | Uint8Array): Promise<SigningKey & VerificationKey> {
  const pair = toKeyObject(new Uint8Array(hkdfSync('sha256', secretKey, '', purpose, 32)));
  const privateJwk = pair.export({ format: 'jwk' }) as JWK;
  const publicJwk = createPublicKey(pair).export({ format: 'jwk' }) as JWK;
  const alg = 'EdDSA';
  return {
    kid: await calculateJwkThumbprint(publicJwk),
    alg,
    privateKey: (await importJWK(privateJwk, alg)) as CryptoKey,
    publicKey: (await importJWK(publicJwk, alg)) as CryptoKey,
  };
}

/** All that PKCS #8 says of an Ed25519 key before its 32 bytes (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function toKeyObject(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}
