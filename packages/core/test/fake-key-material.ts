import { type KeyMaterial, SallyportError } from '../src/index.ts';

/** Why the fake cannot open a key. */
export const sealedOtherwise = new Error('The key is sealed with another secret');

let generated = 0;

/** Key material without cryptography: a sealed key names the secret that it takes, an opened one is its own kid. */
export function fakeKeyMaterial(secret = 'a secret', previousSecret?: string): KeyMaterial<string> {
  const seal = (kid: string) => JSON.stringify({ secret, kid });
  const unseal = (sealed: string) => {
    const { secret: sealedWith, kid } = JSON.parse(sealed) as { secret: string; kid: string };
    if (sealedWith !== secret && sealedWith !== previousSecret) {
      throw new SallyportError('unavailable', { cause: sealedOtherwise });
    }
    return { kid, isOutdated: sealedWith !== secret };
  };
  return {
    alg: 'fake',
    async generate() {
      generated += 1;
      const kid = `key-${generated}`;
      return { kid, publicJwk: JSON.stringify({ kty: 'fake', x: kid }), sealedPrivateKey: seal(kid) };
    },
    open: async (sealed) => unseal(sealed).kid,
    async reseal(sealed) {
      const { kid, isOutdated } = unseal(sealed);
      return isOutdated ? seal(kid) : undefined;
    },
  };
}
