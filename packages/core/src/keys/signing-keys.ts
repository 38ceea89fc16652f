import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { NoInput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import type { PublicKey } from '../ports/signing-key-ring.ts';

/** A JWK Set (RFC 7517, section 5). */
export const KeySetView = v.object({ keys: v.array(v.record(v.string(), v.string())) });
export type KeySetView = v.InferOutput<typeof KeySetView>;

type Needs = Pick<Ports, 'keyRing'>;

/** The keys by which anybody can check our access tokens. */
export class GetKeySet {
  static readonly caller = 'anyone';
  static readonly input = NoInput;
  static readonly output = KeySetView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `unavailable` */
  async execute(_caller: Anyone): Promise<KeySetView> {
    const keys = await this.#ports.keyRing.publicKeys();
    return { keys: keys.map(({ jwk }) => ({ ...jwk })) };
  }
}

/** The keys and where they stand, for an operator. */
export class ListKeys {
  static readonly caller = 'system';

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `unavailable` */
  async execute(_caller: Anyone): Promise<readonly PublicKey[]> {
    return this.#ports.keyRing.publicKeys();
  }
}

/** Has another key take over soon, for an operator. */
export class RotateKeys {
  static readonly caller = 'system';

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `unavailable` */
  async execute(_caller: Anyone): Promise<void> {
    await this.#ports.keyRing.rotate();
  }
}

/** Does what is due with the keys. Whoever embeds the core calls this every now and then. */
export class MaintainKeys {
  static readonly caller = 'system';

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `unavailable` */
  async execute(_caller: Anyone): Promise<void> {
    await this.#ports.keyRing.maintain();
  }
}
