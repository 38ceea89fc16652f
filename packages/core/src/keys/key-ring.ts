import type { Clock } from '../ports/clock.ts';
import type { KeyMaterial } from '../ports/key-material.ts';
import type { KeyStore, StoredKey } from '../ports/key-store.ts';
import type { KeyState, PublicKey, SigningKeyRing } from '../ports/signing-key-ring.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import {
  activeKey,
  firstTurn,
  isSuccessorDue,
  type KeySchedule,
  stateOf,
  type Turn,
  turnAfter,
} from './key-schedule.ts';

/** What a key ring needs: its schedule, and the ports that it works with. */
export interface KeyRingOptions<PrivateKey> extends KeySchedule {
  readonly material: KeyMaterial<PrivateKey>;
  readonly keys: KeyStore;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/** The active key, with its private key opened. */
export interface ActiveKey<PrivateKey> {
  readonly kid: string;
  readonly privateKey: PrivateKey;
}

/** A public key whose tokens are accepted. */
export type AcceptedKey = Pick<PublicKey, 'kid' | 'jwk'>;

/**
 * Seconds after which a node reads the keys again, since other nodes may have created or revoked some. This is far less
 * than the lead. Operators are told that a revoked key is accepted for that long.
 */
const reloadInterval = 60;

/** Seconds between two reads for unknown kids, so that forged tokens do not cost a query each, and after a failed read. */
const missInterval = 5;

type LoadedKey = StoredKey & Pick<PublicKey, 'jwk'>;

/**
 * The signing keys of a deployment: a cached view of the store, and the writes that keep the keys on schedule. The
 * state of a key depends on the store and the time alone, so nodes agree without communicating, and no rotation
 * needs a restart. Private keys are opened for signing and maintenance only: a node with the wrong secret still
 * verifies what other nodes sign.
 */
export class KeyRing<PrivateKey> implements SigningKeyRing {
  readonly #options: KeyRingOptions<PrivateKey>;
  /** The active key, once this node has opened it. It still signs after another node resealed it with a new secret. */
  #opened: ActiveKey<PrivateKey> | undefined;
  #known: readonly LoadedKey[] | undefined;
  #loading: Promise<void> | undefined;
  /** Why the last read of the store failed. */
  #failure: { readonly cause: unknown } | undefined;
  /** When the known keys were read. */
  #loadedAt = -Infinity;
  /** When a read began, whether it succeeded or not. */
  #triedAt = -Infinity;
  /** Reads that began and writes that ended are numbered. */
  #number = 0;
  /** The number of the newest read or write that ended. */
  #newest = 0;

  constructor(options: KeyRingOptions<PrivateKey>) {
    this.#options = options;
  }

  /**
   * The key that signs now; the first key is created if there is none.
   *
   * @throws SallyportError `unavailable` when this node cannot open the key; its cause says so
   */
  async active(): Promise<ActiveKey<PrivateKey>> {
    const { kid, sealedPrivateKey } = await this.#activeKey();
    if (this.#opened?.kid === kid) return this.#opened;
    this.#opened = { kid, privateKey: await this.#options.material.open(sealedPrivateKey) };
    return this.#opened;
  }

  /**
   * The public key with this id, as long as its tokens are accepted.
   *
   * @throws what the store throws, when an unknown id cannot be looked up
   */
  async find(kid: string): Promise<AcceptedKey | undefined> {
    const find = (keys: readonly LoadedKey[]) =>
      keys.find((key) => key.kid === kid && this.#stateOf(key, keys) !== 'retired');
    const found = find(await this.#load(reloadInterval)) ?? find(await this.#load(missInterval));
    // Another node may have created the key. While the store cannot be read, this node cannot tell.
    if (!found && this.#failure) throw this.#failure.cause;
    return found && { kid, jwk: found.jwk };
  }

  async publicKeys(): Promise<readonly PublicKey[]> {
    await this.#activeKey();
    const keys = await this.#load(reloadInterval);
    return keys
      .map((key) => ({
        kid: key.kid,
        state: this.#stateOf(key, keys),
        activeFrom: key.activeFrom,
        jwk: { ...key.jwk },
      }))
      .filter(({ state }) => state !== 'retired');
  }

  /** @throws SallyportError `unavailable` as `active` does, since the other nodes must be able to open the new key */
  async rotate(): Promise<void> {
    await this.active();
    const keys = await this.#read();
    const newest = keys.at(-1);
    if (newest && this.#stateOf(newest, keys) === 'active') await this.#append(turnAfter(newest, this.#now()));
  }

  /** It opens no key, so it also replaces keys that were sealed with a secret that is lost or leaked. */
  async revoke(): Promise<void> {
    const { material, unitOfWork } = this.#options;
    const key: StoredKey = { ...(await material.generate()), ...firstTurn(this.#now()) };
    await unitOfWork.run(async ({ keys, audit }) => {
      const count = await keys.deleteAll();
      await keys.append(key);
      await audit.append({ type: 'signing_key.revoked', at: key.createdAt, detail: { count } });
      await audit.append({ type: 'signing_key.created', at: key.createdAt, detail: { kid: key.kid } });
    });
    this.#noteWrite();
  }

  /** @throws SallyportError `unavailable` as `active` does, and for the next key too */
  async maintain(): Promise<void> {
    await this.active();
    const keys = await this.#read();
    const newest = keys.at(-1);
    if (newest && isSuccessorDue(newest, this.#now(), this.#options)) {
      await this.#append(turnAfter(newest, this.#now()));
    }
    for (const key of keys) {
      const state = this.#stateOf(key, keys);
      if (state === 'retired') await this.#options.unitOfWork.run((transaction) => transaction.keys.delete(key.kid));
      if (state === 'active' || state === 'next') await this.#reseal(key);
    }
  }

  #now(): Date {
    return this.#options.clock.now();
  }

  #stateOf(key: LoadedKey, keys: readonly LoadedKey[]): KeyState {
    return stateOf(key, keys, this.#now(), this.#options);
  }

  async #activeKey(): Promise<LoadedKey> {
    return activeKey(await this.#load(reloadInterval), this.#now()) ?? this.#createFirst();
  }

  async #createFirst(): Promise<LoadedKey> {
    await this.#append(firstTurn(this.#now()));
    const key = activeKey(await this.#read(), this.#now());
    if (!key) throw new Error('The first signing key was not kept');
    return key;
  }

  /** Adds a key. A key has one successor: if several nodes add one at once, one of them succeeds. */
  async #append(turn: Turn): Promise<void> {
    const key: StoredKey = { ...(await this.#options.material.generate()), ...turn };
    await this.#options.unitOfWork.run(async ({ keys, audit }) => {
      const isOurs = await keys.append(key);
      if (isOurs) await audit.append({ type: 'signing_key.created', at: key.createdAt, detail: { kid: key.kid } });
    });
    this.#noteWrite();
  }

  /** The keys are read again. A read that began before the write has ended is of no use. */
  #noteWrite(): void {
    this.#number += 1;
    this.#newest = this.#number;
    this.#loadedAt = -Infinity;
    this.#triedAt = -Infinity;
  }

  /**
   * Seals a key with the current secret if it is still sealed with the previous one. This happens only during
   * maintenance, because nodes that know only the previous secret can no longer open the key.
   */
  async #reseal({ kid, sealedPrivateKey }: LoadedKey): Promise<void> {
    const resealed = await this.#options.material.reseal(sealedPrivateKey);
    if (resealed !== undefined) await this.#options.unitOfWork.run(({ keys }) => keys.reseal(kid, resealed));
  }

  /** The keys, at most `maxAge` seconds old, or the keys read before if the store cannot be read. */
  async #load(maxAge: number): Promise<readonly LoadedKey[]> {
    if (this.#isPast(this.#loadedAt, maxAge) && this.#isPast(this.#triedAt, missInterval)) {
      this.#loading = this.#reload();
    }
    await this.#loading;
    return this.#known ?? [];
  }

  /** Whether a moment is so many seconds ago, or the clock was set back behind it. */
  #isPast(moment: number, seconds: number): boolean {
    const age = (this.#now().getTime() - moment) / 1000;
    return age >= seconds || age < 0;
  }

  async #reload(): Promise<void> {
    try {
      await this.#read();
      this.#failure = undefined;
    } catch (cause) {
      this.#failure = { cause };
      if (this.#known) return;
      // Without any keys, the next call tries again at once.
      this.#triedAt = -Infinity;
      throw cause;
    }
  }

  /** The keys as the store has them now. */
  async #read(): Promise<readonly LoadedKey[]> {
    const began = this.#now().getTime();
    this.#number += 1;
    const number = this.#number;
    this.#triedAt = began;
    const stored = await this.#options.keys.list();
    const { alg } = this.#options.material;
    const keys = stored.map((key) => ({ ...key, jwk: publicJwkOf(key, alg) }));
    if (number < this.#newest) return keys;
    this.#newest = number;
    this.#known = keys;
    this.#loadedAt = began;
    return keys;
  }
}

/** The public key as published in the key set (RFC 7517, section 4). */
function publicJwkOf({ publicJwk, kid }: StoredKey, alg: string): PublicKey['jwk'] {
  return { ...(JSON.parse(publicJwk) as Record<string, string>), kid, use: 'sig', alg };
}
