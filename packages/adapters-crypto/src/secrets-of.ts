import { hkdfSync } from 'node:crypto';

/** A deployment's secret, and the previous or next secret, still accepted for reading. */
export interface DeploymentSecrets {
  /** At least 32 bytes, the same on every node. A string is encoded as UTF-8. */
  readonly secretKey: string | Uint8Array;
  readonly previousSecretKey?: string | Uint8Array | undefined;
}

const minBytes = 32;

/**
 * Keys of 32 bytes for one purpose, the current one first (HKDF, RFC 5869). The key of one purpose reveals nothing
 * about the key of another.
 *
 * @throws RangeError when a secret is missing or too short
 */
export function keysFor(purpose: string, { secretKey, previousSecretKey }: DeploymentSecrets): readonly Uint8Array[] {
  const secrets = previousSecretKey === undefined ? [secretKey] : [secretKey, previousSecretKey];
  return secrets.map((secret) => {
    // A variable of the environment may be absent, whatever the types of its reader say.
    const bytes = (secret as typeof secret | undefined) === undefined ? 0 : Buffer.byteLength(secret);
    if (bytes < minBytes) throw new RangeError(`A secret key must have at least ${minBytes} bytes`);
    return new Uint8Array(hkdfSync('sha256', secret, '', `sallyport ${purpose}`, 32));
  });
}
