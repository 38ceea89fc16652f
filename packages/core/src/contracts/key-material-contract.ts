import type { KeyMaterial } from '../ports/key-material.ts';
import type { ContractCase } from './contract.ts';
import { expectRefusal, expectSame, expectThat, stateFailure } from './expect.ts';

/** What the contract needs from an adapter of `KeyMaterial`. */
export interface TestedKeyMaterial<PrivateKey> {
  /** A node with these secrets, each at least 32 bytes long. Nodes share nothing else. */
  open(secret: string, previousSecret?: string): KeyMaterial<PrivateKey>;

  /** Whether the public key verifies what the private key signs. */
  isPair(privateKey: PrivateKey, publicJwk: string): Promise<boolean>;
}

/** The members of a JWK that are private (RFC 7518, section 6, and RFC 8037, section 2). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const [secret, otherSecret] = ['a secret of the contract, long enough', 'another secret, which is long enough too'];

/** What `KeyMaterial` promises. */
export function keyMaterialContract<PrivateKey>(tested: TestedKeyMaterial<PrivateKey>): readonly ContractCase[] {
  const cases: readonly ContractCase[] = [
    {
      part: 'faithful',
      name: 'a private key opens on every node with the same secret, and belongs to its public key',
      async run() {
        const [one, other] = [await tested.open(secret).generate(), await tested.open(secret).generate()];
        const opened = await tested.open(secret).open(one.sealedPrivateKey);
        expectSame(await tested.isPair(opened, one.publicJwk), true, 'with its own public key');
        expectSame(await tested.isPair(opened, other.publicJwk), false, 'with another public key');
      },
    },
    {
      part: 'faithful',
      name: 'the public key has no private part',
      async run() {
        const { publicJwk } = await tested.open(secret).generate();
        const jwk = JSON.parse(publicJwk) as Record<string, unknown>;
        expectThat(typeof jwk['kty'] === 'string', jwk['kty'], 'text', 'kty');
        expectSame(
          privateMembers.filter((name) => name in jwk),
          [],
          'private members',
        );
      },
    },
    {
      part: 'unique',
      name: 'every key pair has a kid of its own',
      async run() {
        const nodes = [tested.open(secret), tested.open(secret)];
        const pairs = await Promise.all([...nodes, ...nodes].map((node) => node.generate()));
        expectSame(new Set(pairs.map(({ kid }) => kid)).size, pairs.length, 'different ids');
      },
    },
    {
      part: 'isolated',
      name: 'a node with another secret opens and reseals nothing',
      async run() {
        const { sealedPrivateKey } = await tested.open(secret).generate();
        const stranger = tested.open(otherSecret);
        await expectRefusal(stranger.open(sealedPrivateKey), 'unavailable', 'open');
        await expectRefusal(stranger.reseal(sealedPrivateKey), 'unavailable', 'reseal');
      },
    },
    {
      part: 'faithful',
      name: 'a node opens what its previous secret sealed',
      async run() {
        const { publicJwk, sealedPrivateKey } = await tested.open(secret).generate();
        const opened = await tested.open(otherSecret, secret).open(sealedPrivateKey);
        expectSame(await tested.isPair(opened, publicJwk), true, 'with its public key');
      },
    },
    {
      part: 'faithful',
      name: 'a private key that is resealed opens with the current secret alone',
      async run() {
        const { publicJwk, sealedPrivateKey } = await tested.open(secret).generate();
        const resealed = await tested.open(otherSecret, secret).reseal(sealedPrivateKey);
        expectThat(resealed !== undefined, resealed, 'a newly sealed private key', 'reseal');
        const opened = await tested.open(otherSecret).open(resealed);
        expectSame(await tested.isPair(opened, publicJwk), true, 'with its public key');
        await expectRefusal(tested.open(secret).open(resealed), 'unavailable', 'open with the previous secret alone');
      },
    },
    {
      part: 'faithful',
      name: 'a private key is resealed only if the current secret has not sealed it',
      async run() {
        const { sealedPrivateKey } = await tested.open(secret).generate();
        const nodes = [tested.open(secret), tested.open(secret, otherSecret)];
        const resealed = await Promise.all(nodes.map((node) => node.reseal(sealedPrivateKey)));
        expectSame(resealed, [undefined, undefined], 'reseal');
      },
    },
  ];
  return cases.map((one) => ({ ...one, run: () => stateFailure(one.name, one.run) }));
}
