import type { Clock, KeyState, KeyStore, PublicKey, SigningKeyRing, StoredKey, UnitOfWork } from '@sallyport/core';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { KeySeal } from './sealed-keys.ts';
import type { DeploymentSecrets } from './secrets-of.ts';
import type { SigningKey, SigningKeys, VerificationKey } from './signing-keys.ts';

/** What a ring of keys works with. Lifetimes are in seconds. */
export interface KeyRingOptions extends DeploymentSecrets {
  readonly keys: KeyStore;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  /** How long a key signs before the next one is due. */
  readonly rotationInterval: number;
  /** How long what a key signed may still be believed once another one signs. */
  readonly overlap: number;
}

const alg = 'EdDSA';

/** Seconds for which a new key is shown before it signs: verifiers elsewhere keep the key set for minutes. */
const lead = 15 * 60;

/** Seconds after which a node looks for keys that other nodes made; less than the lead by far. */
const reloadInterval = 60;

/** Seconds between looks for a key that nobody knows: forged ids must not cost a query each. */
const missInterval = 5;

type LoadedKey = StoredKey & SigningKey & VerificationKey;

/**
 * The signing keys of a deployment, Ed25519, kept sealed in the store. A key is shown first (next), then
 * signs (active), then is only believed (retiring). Which it is follows from the time alone, so nodes agree
 * without talking, and no restart is needed.
 */
export class KeyRing implements SigningKeys, SigningKeyRing {
  readonly #options: KeyRingOptions;
  readonly #seal: KeySeal;
  #loading: Promise<readonly LoadedKey[]> | undefined;
  #loadedAt = -Infinity;

  /** @throws RangeError when a secret is too short */
  constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#seal = new KeySeal(options);
  }

  async active(): Promise<SigningKey> {
    const keys = await this.#load(reloadInterval);
    return this.#activeOf(keys) ?? this.#first();
  }

  async find(kid: string): Promise<VerificationKey | undefined> {
    const find = (keys: readonly LoadedKey[]) =>
      keys.find((key) => key.kid === kid && this.#stateOf(key, keys) !== 'retired');
    return find(await this.#load(reloadInterval)) ?? find(await this.#load(missInterval));
  }

  async publicKeys(): Promise<readonly PublicKey[]> {
    await this.active();
    const keys = await this.#load(reloadInterval);
    return keys
      .map((key) => ({
        kid: key.kid,
        state: this.#stateOf(key, keys),
        activeFrom: key.activeFrom,
        jwk: publicJwkOf(key),
      }))
      .filter(({ state }) => state !== 'retired');
  }

  async rotate(): Promise<void> {
    await this.active();
    const keys = await this.#load(0);
    const last = keys.at(-1);
    if (last && this.#stateOf(last, keys) === 'active') await this.#append(last.kid, lead);
  }

  async maintain(): Promise<void> {
    await this.active();
    const keys = await this.#load(0);
    const last = keys.at(-1);
    if (last && this.#now() >= last.activeFrom.getTime() / 1000 + this.#options.rotationInterval - lead) {
      await this.#append(last.kid, lead);
    }
    const retired = keys.filter((key) => this.#stateOf(key, keys) === 'retired');
    for (const { kid } of retired) await this.#options.unitOfWork.run((transaction) => transaction.keys.delete(kid));
  }

  #now(): number {
    return this.#options.clock.now().getTime() / 1000;
  }

  /** The newest whose time has come; where a node's clock is behind, the first that will. */
  #activeOf(keys: readonly LoadedKey[]): LoadedKey | undefined {
    return keys.findLast((key) => key.activeFrom.getTime() / 1000 <= this.#now()) ?? keys[0];
  }

  #stateOf(key: LoadedKey, keys: readonly LoadedKey[]): KeyState {
    const active = this.#activeOf(keys);
    if (key === active) return 'active';
    if (active === undefined || key.activeFrom > active.activeFrom) return 'next';
    const successor = keys[keys.indexOf(key) + 1];
    const retiredAt = (successor ?? active).activeFrom.getTime() / 1000 + this.#options.overlap;
    return this.#now() < retiredAt ? 'retiring' : 'retired';
  }

  async #first(): Promise<LoadedKey> {
    await this.#append('', 0);
    const key = this.#activeOf(await this.#load(0));
    if (!key) throw new Error('The first signing key was not kept');
    return key;
  }

  /** Adds a key that signs after so many seconds. Of nodes that do so at once, one succeeds, and that is enough. */
  async #append(predecessor: string, delay: number): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { crv: 'Ed25519', extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const now = this.#now();
    const key: StoredKey = {
      kid: await calculateJwkThumbprint(publicJwk),
      publicJwk: JSON.stringify(publicJwk),
      sealedPrivateKey: await this.#seal.seal(await exportJWK(privateKey)),
      createdAt: new Date(now * 1000),
      activeFrom: new Date((now + delay) * 1000),
      predecessor,
    };
    await this.#options.unitOfWork.run(({ keys }) => keys.append(key));
    this.#loading = undefined;
  }

  /** The keys, as old as so many seconds at most. */
  #load(maxAge: number): Promise<readonly LoadedKey[]> {
    const now = this.#now();
    if (!this.#loading || now - this.#loadedAt >= maxAge || now < this.#loadedAt) {
      this.#loadedAt = now;
      this.#loading = this.#read().catch((error: unknown) => {
        // What failed once may succeed the next time.
        this.#loading = undefined;
        throw error;
      });
    }
    return this.#loading;
  }

  async #read(): Promise<readonly LoadedKey[]> {
    const stored = await this.#options.keys.list();
    return Promise.all(stored.map((key) => this.#open(key)));
  }

  async #open(stored: StoredKey): Promise<LoadedKey> {
    const { jwk, isOutdated } = await this.#seal.open(stored.sealedPrivateKey);
    if (isOutdated) {
      const sealed = await this.#seal.seal(jwk);
      await this.#options.unitOfWork.run(({ keys }) => keys.reseal(stored.kid, sealed));
    }
    const publicKey = (await importJWK(JSON.parse(stored.publicJwk) as JWK, alg)) as CryptoKey;
    return { ...stored, alg, privateKey: (await importJWK(jwk, alg)) as CryptoKey, publicKey };
  }
}

/** What everybody may know of a key (RFC 7517, section 4). */
function publicJwkOf({ publicJwk, kid }: StoredKey): PublicKey['jwk'] {
  return { ...(JSON.parse(publicJwk) as Record<string, string>), kid, use: 'sig', alg };
}
