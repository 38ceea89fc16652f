import { SallyportError } from '@sallyport/core';

export interface Bounds {
  /** How many jobs run at once. */
  readonly inFlight: number;
  /** How many more jobs may wait for their turn. */
  readonly waiting: number;
  /** The maximum wait of a job, in whole seconds. */
  readonly patience: number;
}

/** How busy a queue is. */
export interface QueueLoad {
  /** Jobs that run. */
  readonly inFlight: number;
  /** Jobs that wait for their turn. */
  readonly waiting: number;
}

/** Runs expensive jobs in the order in which they arrive, and rejects a job that would wait too long. */
export class BoundedQueue {
  readonly #bounds: Bounds;
  readonly #waiting = new Set<() => void>();
  #inFlight = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /**
   * Runs `work` when it is its turn, and returns its result or rethrows its error.
   *
   * @throws SallyportError `unavailable` when too many jobs wait already, or its turn does not come in time
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  get load(): QueueLoad {
    return { inFlight: this.#inFlight, waiting: this.#waiting.size };
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

  /** A free place goes to the job that waits longest, so that a new job cannot overtake it. */
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
