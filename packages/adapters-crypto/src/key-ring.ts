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

type LoadedKey = StoredKey & VerificationKey;

/**
 * The signing keys of a deployment, Ed25519, kept sealed in the store. A key is shown first (next), then
 * signs (active), then is only believed (retiring). Which it is follows from the time alone, so nodes agree
 * without talking, and no restart is needed. To check a token takes public halves alone, so a node whose secret
 * is the wrong one believes what others sign.
 */
export class KeyRing implements SigningKeys, SigningKeyRing {
  readonly #options: KeyRingOptions;
  readonly #seal: KeySeal;
  #signing: SigningKey | undefined;
  #known: readonly LoadedKey[] | undefined;
  #loading: Promise<void> | undefined;
  /** Why the store could not be read the last time. */
  #unread: { readonly cause: unknown } | undefined;
  #loadedAt = -Infinity;

  /** @throws RangeError when a secret is too short */
  constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#seal = new KeySeal(options);
  }

  /** @throws SallyportError `unavailable` when no secret of ours opens the key; its cause says so */
  async active(): Promise<SigningKey> {
    const { kid, sealedPrivateKey } = await this.#active();
    if (this.#signing?.kid === kid) return this.#signing;
    const { jwk } = await this.#seal.open(sealedPrivateKey);
    this.#signing = { kid, alg, privateKey: await importKey(jwk) };
    return this.#signing;
  }

  async find(kid: string): Promise<VerificationKey | undefined> {
    const find = (keys: readonly LoadedKey[]) =>
      keys.find((key) => key.kid === kid && this.#stateOf(key, keys) !== 'retired');
    const found = find(await this.#load(reloadInterval)) ?? find(await this.#load(missInterval));
    // Somebody else may have made it since: nobody knows as long as the store cannot be read.
    if (!found && this.#unread) throw this.#unread.cause;
    return found;
  }

  async publicKeys(): Promise<readonly PublicKey[]> {
    await this.#active();
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

  /** @throws SallyportError `unavailable` as `active` does: what this node makes, the others have to open */
  async rotate(): Promise<void> {
    await this.active();
    const keys = await this.#read();
    const last = keys.at(-1);
    if (last && this.#stateOf(last, keys) === 'active') await this.#append(last.kid, lead);
  }

  /** @throws SallyportError `unavailable` as `active` does, for the next key too */
  async maintain(): Promise<void> {
    await this.active();
    const keys = await this.#read();
    const last = keys.at(-1);
    if (last && this.#now() >= last.activeFrom.getTime() / 1000 + this.#options.rotationInterval - lead) {
      await this.#append(last.kid, lead);
    }
    for (const key of keys) {
      const state = this.#stateOf(key, keys);
      if (state === 'retired') await this.#options.unitOfWork.run((transaction) => transaction.keys.delete(key.kid));
      if (state === 'active' || state === 'next') await this.#resealOutdated(key);
    }
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

  /** The key that signs now; made where there is none. */
  async #active(): Promise<LoadedKey> {
    return this.#activeOf(await this.#load(reloadInterval)) ?? this.#first();
  }

  async #first(): Promise<LoadedKey> {
    await this.#append('', 0);
    const key = this.#activeOf(await this.#read());
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
    await this.#options.unitOfWork.run(async ({ keys, audit }) => {
      const isOurs = await keys.append(key);
      if (isOurs) await audit.append({ type: 'signing_key.created', at: key.createdAt, detail: { kid: key.kid } });
    });
    this.#loadedAt = -Infinity;
  }

  /** The keys, as old as so many seconds at most; where the store cannot be read, as they were before. */
  async #load(maxAge: number): Promise<readonly LoadedKey[]> {
    const age = this.#now() - this.#loadedAt;
    if (age >= maxAge || age < 0) this.#loading = this.#reload();
    await this.#loading;
    return this.#known ?? [];
  }

  async #reload(): Promise<void> {
    try {
      await this.#read();
      this.#unread = undefined;
    } catch (cause) {
      this.#unread = { cause };
      if (this.#known) return;
      // What failed once may succeed the next time.
      this.#loadedAt = -Infinity;
      throw cause;
    }
  }

  /** The keys as the store has them now. */
  async #read(): Promise<readonly LoadedKey[]> {
    this.#loadedAt = this.#now();
    const stored = await this.#options.keys.list();
    this.#known = await Promise.all(
      stored.map(async (key) => ({ ...key, alg, publicKey: await importKey(JSON.parse(key.publicJwk) as JWK) })),
    );
    return this.#known;
  }

  /** Only here, not wherever keys are read: what is sealed anew, nodes that know the old secret alone cannot open. */
  async #resealOutdated({ kid, sealedPrivateKey }: LoadedKey): Promise<void> {
    const { jwk, isOutdated } = await this.#seal.open(sealedPrivateKey);
    if (!isOutdated) return;
    const sealed = await this.#seal.seal(jwk);
    await this.#options.unitOfWork.run(({ keys }) => keys.reseal(kid, sealed));
  }
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  return (await importJWK(jwk, alg)) as CryptoKey;
}

/** What everybody may know of a key (RFC 7517, section 4). */
function publicJwkOf({ publicJwk, kid }: StoredKey): PublicKey['jwk'] {
  return { ...(JSON.parse(publicJwk) as Record<string, string>), kid, use: 'sig', alg };
}
