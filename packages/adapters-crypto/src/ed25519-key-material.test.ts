import { keyMaterialContract } from '@sallyport/core/contracts';
import { calculateJwkThumbprint, type CryptoKey, importJWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { Ed25519KeyMaterial } from './ed25519-key-material.ts';
import { UnreadableKeyError } from './sealed-keys.ts';

const secretKey = 'a secret key for tests, long enough';
const otherKey = 'another secret key, long enough too';
const material = new Ed25519KeyMaterial({ secretKey });

async function isPair(privateKey: CryptoKey, publicJwk: string): Promise<boolean> {
  const token = await new SignJWT().setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
  const publicKey = await importJWK(JSON.parse(publicJwk), 'EdDSA');
  return jwtVerify(token, publicKey).then(
    () => true,
    () => false,
  );
}

describe('Ed25519KeyMaterial', () => {
  it.each(
    keyMaterialContract({
      open: (secretKey, previousSecretKey) => new Ed25519KeyMaterial({ secretKey, previousSecretKey }),
      isPair,
    }),
  )('keeps $part: $name', ({ run }) => run());

  it('keeps the private key sealed and shows the public key alone', async () => {
    const { publicJwk, sealedPrivateKey } = await material.generate();
    expect(JSON.parse(publicJwk)).toEqual({ kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[\w-]{43}$/) });
    expect(sealedPrivateKey).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('names a key by the thumbprint of its public key', async () => {
    const { kid, publicJwk } = await material.generate();
    expect(kid).toBe(await calculateJwkThumbprint(JSON.parse(publicJwk), 'sha256'));
  });

  it('opens a key as one that signs and cannot be exported', async () => {
    const { sealedPrivateKey } = await material.generate();
    expect(await material.open(sealedPrivateKey)).toMatchObject({
      type: 'private',
      usages: ['sign'],
      extractable: false,
    });
  });

  it('says that SECRET_KEY is wrong when it cannot open or reseal a key', async () => {
    const { sealedPrivateKey } = await material.generate();
    const stranger = new Ed25519KeyMaterial({ secretKey: otherKey });
    const refusal = {
      code: 'unavailable',
      cause: expect.objectContaining({ message: expect.stringMatching(/^A signing key cannot be read: SECRET_KEY/) }),
    };
    for (const use of [() => stranger.open(sealedPrivateKey), () => stranger.reseal(sealedPrivateKey)]) {
      await expect(use()).rejects.toMatchObject(refusal);
      await expect(use()).rejects.toHaveProperty('cause', expect.any(UnreadableKeyError));
    }
  });

  it.each([{ secretKey: 'x'.repeat(31) }, { secretKey, previousSecretKey: 'x'.repeat(31) }])(
    'refuses a secret that is too short (%#)',
    (secrets) => {
      expect(() => new Ed25519KeyMaterial(secrets)).toThrow(RangeError);
    },
  );
});
