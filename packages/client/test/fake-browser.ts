import type { KeyValueStore, Locks } from '../src/token-storage.ts';

/** A `localStorage`. */
export class FakeStore implements KeyValueStore {
  readonly #values = new Map<string, string>();
  readonly #denies: boolean;

  constructor({ denies = false } = {}) {
    this.#denies = denies;
  }

  #check(): void {
    if (this.#denies) throw new DOMException('Denied', 'SecurityError');
  }

  getItem(key: string): string | null {
    this.#check();
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#check();
    this.#values.set(key, value);
  }

  removeItem(key: string): void {
    this.#check();
    this.#values.delete(key);
  }
}

/** A `navigator.locks`: one holder at a time, in the order of the requests. A request that is aborted leaves the queue. */
export class FakeLocks implements Locks {
  #last: Promise<unknown> = Promise.resolve();

  async request(_: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const held = this.#last.then(() => {
      signal.throwIfAborted();
      return hold();
    });
    this.#last = held.catch(() => {});
    return held;
  }
}
