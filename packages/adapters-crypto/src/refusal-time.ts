import { setTimeout } from 'node:timers/promises';
import type { BoundedQueue } from './bounded-queue.ts';
import type { Probe } from './foreign-hashes/format.ts';

/**
 * How much longer than alone a check may take because others run, and still be no slower than the time that a refusal
 * waits for.
 */
const allowance = 1.5;

/** Waits so many milliseconds. */
export type Wait = (milliseconds: number) => Promise<unknown>;

/**
 * Makes every refused password take the same time, so that the time tells nothing about the hash of the account: that
 * of the costliest check of all. It is measured once, before the first refusal.
 */
export class RefusalTime {
  readonly #probes: readonly Probe[];
  readonly #queue: BoundedQueue;
  readonly #wait: Wait;
  #minimum: Promise<number> | undefined;

  /** @param probes the costliest check of each kind */
  constructor(probes: readonly Probe[], queue: BoundedQueue, wait: Wait = setTimeout) {
    this.#probes = probes;
    this.#queue = queue;
    this.#wait = wait;
  }

  /**
   * Waits until the check of a refused password, which took so many milliseconds, has taken the minimum. A check that
   * took longer waits for the next multiple of it.
   */
  async fill(taken: number): Promise<void> {
    const minimum = await this.#measured();
    await this.#wait(minimum - (taken % minimum));
  }

  /** Milliseconds. A measurement that was refused because too much waits is repeated. */
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
    for (const { run, times } of this.#probes) {
      const runs: number[] = [];
      for (let count = 0; count < 3; count += 1) runs.push(await this.#queue.run(() => millisecondsOf(run)));
      // The first run may load a library, and another process may hold up one of them.
      const [, median = 0] = runs.toSorted((one, other) => one - other);
      minimum = Math.max(minimum, median * times * allowance);
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
