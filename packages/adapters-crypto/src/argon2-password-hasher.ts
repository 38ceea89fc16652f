import { availableParallelism } from 'node:os';
import { hash, type ParsedHashOptions, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '@sallyport/core';
import { BoundedQueue, type QueueLoad } from './bounded-queue.ts';
import { argon2Parameters, workOf } from './foreign-hashes/argon2.ts';
import type { Check, ForeignHashFormat, Refusal } from './foreign-hashes/format.ts';
import { foreignHashFormats } from './foreign-hashes/formats.ts';
import { RefusalTime, type Wait } from './refusal-time.ts';
import { within } from './within.ts';

/** The cost of a hash, the threads that compute it, and the hashes of other systems that are verified too. */
export interface Argon2PasswordHasherOptions {
  /** KiB of memory per hash: from 19456, which is the default (OWASP Password Storage Cheat Sheet), to 1 GiB. */
  readonly memoryCost?: number | undefined;
  /** Passes over that memory: from 2, which is the default, to 64, and at most 2 GiB in all passes together. */
  readonly timeCost?: number | undefined;
  /** Threads in libuv's pool, UV_THREADPOOL_SIZE; 4 is libuv's own default. */
  readonly threadPoolSize?: number | undefined;
  /**
   * Formats of hashes from other systems, from `@sallyport/adapters-crypto/foreign-hashes`; none if absent. With any,
   * each refused password waits for the time of the costliest hash that they accept.
   */
  readonly foreignHashes?: readonly ForeignHashFormat[] | undefined;
  /** How a refused password waits; a timer if absent. Tests replace it. */
  readonly wait?: Wait | undefined;
}

const memoryCosts = { min: 19_456, max: 1024 ** 2 };
const timeCosts = { min: 2, max: 64 };
const threadPoolSizes = { min: 1, max: 1024 };
/** MiB of memory times passes. A hash that costs more would block a thread for seconds. */
const maxWork = 2048;

/**
 * Threads of the pool that stay free. The pool also serves signature checks and files, which must not wait for hashes.
 */
const reservedThreads = 2;

/**
 * argon2id (RFC 9106) with one lane and 128 bits of salt, and the configured formats of hashes from other systems. The
 * number of hashes that run at once is limited, and so is the memory they need. 64 more may wait, two seconds each.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #cost: { readonly memoryCost: number; readonly timeCost: number; readonly parallelism: number };
  readonly #queue: BoundedQueue;
  readonly #foreign: readonly ForeignHashFormat[];
  readonly #hasForeignArgon2: boolean;
  /** Absent without foreign hashes. */
  readonly #refusals: RefusalTime | undefined;
  /** A hash of the usual cost that no known password matches. */
  readonly #decoy: string;

  /** @throws RangeError when an option lies outside of its bounds */
  constructor(options: Argon2PasswordHasherOptions = {}) {
    const memoryCost = within(memoryCosts, 'memoryCost', options.memoryCost ?? memoryCosts.min);
    const timeCost = within(timeCosts, 'timeCost', options.timeCost ?? timeCosts.min);
    if (workOf({ memoryCost, timeCost }) > maxWork) {
      throw new RangeError(`memoryCost × timeCost must be at most ${maxWork * 1024}`);
    }
    const threads = within(threadPoolSizes, 'threadPoolSize', options.threadPoolSize ?? 4);
    const inFlight = Math.max(1, Math.min(availableParallelism(), threads - reservedThreads));

    this.#cost = { memoryCost, timeCost, parallelism: 1 };
    this.#queue = new BoundedQueue({ inFlight, waiting: 64, patience: 2 });
    this.#foreign = options.foreignHashes ?? [];
    this.#hasForeignArgon2 = this.#foreign.some(({ name }) => name === 'argon2');
    this.#decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const probes = [
      { run: () => checkOwn(this.#decoy)('probe'), times: 1 },
      ...this.#foreign.map(({ probe }) => probe),
    ];
    this.#refusals = this.#foreign.length > 0 ? new RefusalTime(probes, this.#queue, options.wait) : undefined;
  }

  /** How many hashes are computed and how many wait, for an operator. */
  get load(): QueueLoad {
    return this.#queue.load;
  }

  hash(password: string): Promise<string> {
    return this.#queue.run(() => hash(password.normalize('NFC'), this.#cost));
  }

  /** A hash that is not accepted never matches. The check costs the same. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const reading = hash === undefined ? undefined : this.#read(hash);
    const known = reading && 'check' in reading ? reading.check : undefined;
    const check = known ?? checkOwn(this.#decoy);
    const { matches, taken } = await this.#queue.run(async () => {
      const start = performance.now();
      return { matches: await check(password), taken: performance.now() - start };
    });
    if (matches && known) return true;
    await this.#refusals?.fill(taken);
    return false;
  }

  accepts(hash: string): boolean {
    return this.refusalOf(hash) === undefined;
  }

  /** Why a hash is not accepted, in a sentence for an operator; `undefined` if it is. It contains nothing of the hash. */
  refusalOf(hash: string): string | undefined {
    const reading = this.#read(hash);
    if (reading) return 'refusal' in reading ? reading.refusal : undefined;
    const format = Object.values(foreignHashFormats)
      .map((create) => create())
      .find((one) => one.read(hash));
    return format ? `the format ${format.name} is not configured` : 'it is malformed, or of an unknown format';
  }

  needsRehash(hash: string): boolean {
    const theirs = ownParameters(hash);
    const ours = this.#cost;
    return !theirs || theirs.memoryCost < ours.memoryCost || theirs.timeCost < ours.timeCost;
  }

  #read(hash: string): { readonly check: Check } | Refusal | undefined {
    if (ownParameters(hash)) return { check: this.#hasForeignArgon2 ? checkEitherForm(hash) : checkOwn(hash) };
    for (const format of this.#foreign) {
      const reading = format.read(hash);
      if (reading) return reading;
    }
    return undefined;
  }
}

/** The password in the form that `hash` takes it in. */
const checkOwn =
  (hash: string): Check =>
  (password) =>
    verify(hash, password.normalize('NFC'));

/** A hash that looks like ours may be of another system, which took the password as it was sent. */
const checkEitherForm =
  (hash: string): Check =>
  async (password) =>
    (await checkOwn(hash)(password)) || (password !== password.normalize('NFC') && (await verify(hash, password)));

/** The numbers of the library, which exports them as types only. */
const argon2id = 2;
const version13 = 1;

/** The parameters of a hash that `hash` may have made. The upper bounds keep it from blocking a thread. */
function ownParameters(hash: string): ParsedHashOptions | undefined {
  const parameters = argon2Parameters(hash);
  if (!parameters) return undefined;
  const { algorithm, version, parallelism, saltLen, outputLen, memoryCost, timeCost } = parameters;
  const isOwn =
    algorithm === argon2id && version === version13 && parallelism === 1 && saltLen === 16 && outputLen === 32;
  const isPayable = memoryCost <= memoryCosts.max && timeCost <= timeCosts.max && workOf(parameters) <= maxWork;
  return isOwn && isPayable ? parameters : undefined;
}
