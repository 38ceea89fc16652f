import * as v from 'valibot';
import { NoInput, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import type { PublicKey } from '../ports/signing-key-ring.ts';
import { useCase } from '../use-case.ts';

/** A JWK Set (RFC 7517, section 5). */
export const KeySetView = v.object({ keys: v.array(v.record(v.string(), v.string())) });
export type KeySetView = v.InferOutput<typeof KeySetView>;

type Needs = Pick<Ports, 'keyRing'>;

/** The public keys that verify access tokens. */
export const getKeySet = useCase({
  caller: 'anyone',
  input: NoInput,
  output: KeySetView,
  errors: [],
  async run({ keyRing }: Needs): Promise<KeySetView> {
    const keys = await keyRing.publicKeys();
    return { keys: keys.map(({ jwk }) => ({ ...jwk })) };
  },
});

/** Lists the keys and their states, for an operator. */
export const listKeys = useCase({
  caller: 'system',
  input: NoInput,
  output: v.array(v.custom<PublicKey>((key) => typeof key === 'object')),
  errors: [],
  async run({ keyRing }: Needs) {
    return Array.from(await keyRing.publicKeys());
  },
});

/** Starts the rotation to a new key, for an operator. */
export const rotateKeys = useCase({
  caller: 'system',
  input: NoInput,
  output: NoOutput,
  errors: [],
  run: ({ keyRing }: Needs) => keyRing.rotate(),
});

/** Creates, reseals and deletes keys when due. A host calls this about once a minute. */
export const maintainKeys = useCase({
  caller: 'system',
  input: NoInput,
  output: NoOutput,
  errors: [],
  run: ({ keyRing }: Needs) => keyRing.maintain(),
});
