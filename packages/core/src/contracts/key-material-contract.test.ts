import { describe, expect, it } from 'vitest';
import { fakeKeyMaterial } from '../../test/fake-key-material.ts';
import type { KeyMaterial } from '../index.ts';
import { keyMaterialContract } from './index.ts';

type OpenMaterial = (secret: string, previousSecret?: string) => KeyMaterial<string>;

const isPair = async (privateKey: string, publicJwk: string) => JSON.parse(publicJwk).x === privateKey;

/** The names of the promises that an adapter breaks. */
async function broken(open: OpenMaterial): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of keyMaterialContract({ open, isPair })) await run().catch(() => names.push(name));
  return names;
}

/** The fake, with some methods replaced. */
const changed =
  (change: (fake: KeyMaterial<string>) => Partial<KeyMaterial<string>>): OpenMaterial =>
  (secret, previousSecret) => {
    const fake = fakeKeyMaterial(secret, previousSecret);
    return { ...fake, ...change(fake) };
  };

describe('The contract of key material', () => {
  it('passes the fake of these tests', async () => {
    expect(await broken(fakeKeyMaterial)).toEqual([]);
  });

  it('fails material that does nothing, in every promise', async () => {
    const hollow: never = new Proxy({}, { get: () => () => Promise.resolve(undefined) }) as never;
    expect(await broken(() => hollow)).toEqual(
      keyMaterialContract({ open: fakeKeyMaterial, isPair }).map(({ name }) => name),
    );
  });

  it.each<[string, OpenMaterial, string[]]>([
    [
      'opens keys with any secret',
      changed(() => ({ open: async (sealed) => JSON.parse(sealed).kid })),
      [
        'a node with another secret opens and reseals nothing',
        'a private key that is resealed opens with the current secret alone',
      ],
    ],
    [
      'reseals keys with any secret',
      (secret, previousSecret) => ({
        ...fakeKeyMaterial(secret, previousSecret),
        reseal: async (sealed) => {
          const { kid, ...rest } = JSON.parse(sealed);
          return rest.secret === secret ? undefined : JSON.stringify({ secret, kid });
        },
      }),
      ['a node with another secret opens and reseals nothing'],
    ],
    [
      'forgets the previous secret',
      (secret) => fakeKeyMaterial(secret),
      [
        'a node opens what its previous secret sealed',
        'a private key that is resealed opens with the current secret alone',
      ],
    ],
    [
      'returns what it should reseal',
      changed((fake) => ({
        reseal: async (sealed) => ((await fake.reseal(sealed)) === undefined ? undefined : sealed),
      })),
      ['a private key that is resealed opens with the current secret alone'],
    ],
    [
      'reseals each time',
      changed((fake) => ({ reseal: async (sealed) => (await fake.reseal(sealed)) ?? sealed })),
      ['a private key is resealed only if the current secret has not sealed it'],
    ],
    [
      'opens another key than it was given',
      changed(() => ({ open: async () => 'key-0' })),
      [
        'a private key opens on every node with the same secret, and belongs to its public key',
        'a node with another secret opens and reseals nothing',
        'a node opens what its previous secret sealed',
        'a private key that is resealed opens with the current secret alone',
      ],
    ],
    [
      'shows the private part',
      changed((fake) => ({
        async generate() {
          const pair = await fake.generate();
          return { ...pair, publicJwk: JSON.stringify({ ...JSON.parse(pair.publicJwk), d: 'secret' }) };
        },
      })),
      ['the public key has no private part'],
    ],
    [
      'gives every pair the same kid',
      changed((fake) => ({ generate: async () => ({ ...(await fake.generate()), kid: 'key' }) })),
      ['every key pair has a kid of its own'],
    ],
  ])('fails material that %s', async (_what, open, promises) => {
    expect(await broken(open)).toEqual(promises);
  });
});
