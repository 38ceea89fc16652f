import { setTimeout } from 'node:timers/promises';
import type { BoundedQueue } from './bounded-queue.ts';
import type { ForeignHashFormat } from './foreign-hashes/format.ts';

/**
 * How much longer than alone a check may take because others run, and still be no slower than the time that a refusal
 * waits for.
 */
const allowance = 1.5;

/** Waits so many milliseconds. */
export type Wait = (milliseconds: number) => Promise<unknown>;

/**
 * Makes every refused password take the same time, so that the time tells nothing about the hash of the account: that
 * of the costliest check that the configured formats accept. The time is measured once, before the first refusal.
 */
export class RefusalTime {
  readonly #formats: readonly ForeignHashFormat[];
  readonly #queue: BoundedQueue;
  readonly #wait: Wait;
  #minimum: Promise<number> | undefined;

  constructor(formats: readonly ForeignHashFormat[], queue: BoundedQueue, wait: Wait = setTimeout) {
    this.#formats = formats;
    this.#queue = queue;
    this.#wait = wait;
  }

  /**
   * Waits until the check of a refused password, which took so many milliseconds, has taken the minimum. A check that
   * took longer waits for the next multiple of it.
   */
  async fill(taken: number): Promise<void> {
    const minimum = await this.#measured();
    if (minimum > 0) await this.#wait(minimum - (taken % minimum));
  }

  /** Milliseconds; 0 without formats. A measurement that was refused because too much waits is repeated. */
  async #measured(): Promise<number> {
    this.#minimum ??= this.#measure();
    try {
      return await this.#minimum;
    } catch (error) {
      this.#minimum = undefined;
      throw error;
    }
  }

  async #measure(): Promise<number> {
    let minimum = 0;
    for (const { probe } of this.#formats) {
      // The first run loads the library.
      await this.#queue.run(probe.run);
      const taken = await this.#queue.run(async () => millisecondsOf(probe.run));
      minimum = Math.max(minimum, taken * probe.times * allowance);
    }
    return minimum;
  }
}

/** How long this takes. */
async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
