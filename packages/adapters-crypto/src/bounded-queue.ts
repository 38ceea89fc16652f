import { SallyportError } from '@sallyport/core';

export interface Bounds {
  /** How much work runs at once. */
  readonly inFlight: number;
  /** How much more may wait for its turn. */
  readonly waiting: number;
  /** Whole seconds that each waits at most. */
  readonly patience: number;
}

/** Runs expensive work first come, first served, and turns away what would have to wait too long. */
export class BoundedQueue {
  readonly #bounds: Bounds;
  readonly #waiting = new Set<() => void>();
  #inFlight = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /**
   * What `work` answers, once it was its turn; how it fails passes on.
   *
   * @throws SallyportError `unavailable` when too much work waits already, or its turn does not come in time
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #turn(): Promise<void> | undefined {
    const { inFlight, waiting, patience } = this.#bounds;
    if (this.#inFlight < inFlight) {
      this.#inFlight += 1;
      return undefined;
    }
    if (this.#waiting.size >= waiting) throw new SallyportError('unavailable', { retryAfter: patience });

    return new Promise((resolve, reject) => {
      const start = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(start);
        reject(new SallyportError('unavailable', { retryAfter: patience }));
      }, patience * 1000);
      this.#waiting.add(start);
    });
  }

  /** A place that becomes free goes to whoever waits longest, so that a newcomer cannot slip in before. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next();
    } else {
      this.#inFlight -= 1;
    }
  }
}
