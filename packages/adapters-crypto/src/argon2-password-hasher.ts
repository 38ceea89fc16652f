import { availableParallelism } from 'node:os';
import { hash, type ParsedHashOptions, parseOptions, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '@sallyport/core';
import { memoryCosts, timeCosts } from './argon2-cost.ts';
import { BoundedQueue, type QueueLoad } from './bounded-queue.ts';
import { within } from './within.ts';

/** The cost of a hash, and the threads that compute it. */
export interface Argon2PasswordHasherOptions {
  /** KiB of memory per hash: from 19456, which is the default (OWASP Password Storage Cheat Sheet), to 1 GiB. */
  readonly memoryCost?: number | undefined;
  /** Passes over that memory: from 2, which is the default, to 64. */
  readonly timeCost?: number | undefined;
  /** Threads in libuv's pool, UV_THREADPOOL_SIZE; 4 is libuv's own default. */
  readonly threadPoolSize?: number | undefined;
}

const threadPoolSizes = { min: 1, max: 1024 };

/**
 * Threads of the pool that stay free. The pool also serves signature checks and files, which must not wait for hashes.
 */
const reservedThreads = 2;

/**
 * argon2id (RFC 9106) with one lane and 128 bits of salt. The number of hashes that run at once is limited, and so is
 * the memory they need. 64 more may wait, two seconds each.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #cost: { readonly memoryCost: number; readonly timeCost: number; readonly parallelism: number };
  readonly #queue: BoundedQueue;
  /** A hash of the usual cost that no known password matches. */
  readonly #decoy: string;
  /** Hashes that run at once. */
  readonly concurrency: number;

  /** @throws RangeError when an option lies outside of its bounds */
  constructor(options: Argon2PasswordHasherOptions = {}) {
    const memoryCost = within(memoryCosts, 'memoryCost', options.memoryCost ?? memoryCosts.min);
    const timeCost = within(timeCosts, 'timeCost', options.timeCost ?? timeCosts.min);
    const threads = within(threadPoolSizes, 'threadPoolSize', options.threadPoolSize ?? 4);
    this.concurrency = Math.max(1, Math.min(availableParallelism(), threads - reservedThreads));

    this.#cost = { memoryCost, timeCost, parallelism: 1 };
    this.#queue = new BoundedQueue({ inFlight: this.concurrency, waiting: 64, patience: 2 });
    this.#decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  }

  /** How many hashes are computed and how many wait, for an operator. */
  get load(): QueueLoad {
    return this.#queue.load;
  }

  hash(password: string): Promise<string> {
    return this.#queue.run(() => hash(password, this.#cost));
  }

  /** A hash that is not an argon2 hash, or whose cost is out of bounds, never matches. The check costs the same. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const known = hash !== undefined && readParameters(hash) ? hash : undefined;
    const matches = await this.#queue.run(() => verify(known ?? this.#decoy, password));
    return matches && known !== undefined;
  }

  needsRehash(hash: string): boolean {
    const theirs = readParameters(hash);
    const ours = parseOptions(this.#decoy);
    return (
      !theirs ||
      theirs.algorithm !== ours.algorithm ||
      theirs.version !== ours.version ||
      theirs.memoryCost < ours.memoryCost ||
      theirs.timeCost < ours.timeCost ||
      theirs.saltLen < ours.saltLen ||
      theirs.outputLen < ours.outputLen
    );
  }
}

/**
 * The parameters in a PHC string. The upper bounds keep a foreign hash from using up all memory or blocking a thread.
 */
function readParameters(hash: string): ParsedHashOptions | undefined {
  try {
    const parameters = parseOptions(hash);
    const payable = parameters.memoryCost <= memoryCosts.max && parameters.timeCost <= timeCosts.max;
    return payable ? parameters : undefined;
  } catch {
    return undefined;
  }
}
