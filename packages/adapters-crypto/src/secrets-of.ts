import { hkdfSync } from 'node:crypto';

/** A deployment's secret, and the one before it or to come: what either wrote is read. */
export interface DeploymentSecrets {
  /** At least 32 bytes, the same on every node; of a string, its UTF-8. */
  readonly secretKey: string | Uint8Array;
  readonly previousSecretKey?: string | Uint8Array | undefined;
}

const minBytes = 32;

/**
 * Keys of 32 bytes for one purpose, the current one first (HKDF, RFC 5869): what is learnt of one purpose's
 * key says nothing of another's.
 *
 * @throws RangeError when a secret is too short
 */
export function keysFor(purpose: string, { secretKey, previousSecretKey }: DeploymentSecrets): readonly Uint8Array[] {
  const secrets = previousSecretKey === undefined ? [secretKey] : [secretKey, previousSecretKey];
  return secrets.map((secret) => {
    if (Buffer.byteLength(secret) < minBytes) throw new RangeError(`A secret key must have at least ${minBytes} bytes`);
    return new Uint8Array(hkdfSync('sha256', secret, '', `sallyport ${purpose}`, 32));
  });
}
