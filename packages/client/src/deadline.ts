import { ApiError } from './api-error.ts';
import type { CallOptions } from './operations.ts';

/** Milliseconds that a call may take. */
const defaultTimeout = 30_000;

/** The longest time that a timer can wait. */
const maxTimeout = 2 ** 31 - 1;

/** Runs a call within its time. */
export async function inTime<Result>(
  operation: string,
  options: CallOptions,
  run: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const deadline = new Deadline(operation, options);
  try {
    return await run(deadline);
  } finally {
    deadline.end();
  }
}

/** The time that a call has, and the wish of its caller to cancel it. */
export class Deadline {
  readonly #operation: string;
  readonly #cancelled: AbortSignal | undefined;
  readonly #timeout: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #controller = new AbortController();
  /** Aborts what the call does when its time is over or its caller cancels it. */
  readonly signal = this.#controller.signal;

  constructor(operation: string, { signal, timeout = defaultTimeout }: CallOptions) {
    this.#operation = operation;
    this.#cancelled = signal;
    this.#timeout = timeout;
    // Not AbortSignal.any: on Node 20 its result, and the timer in it, can be garbage-collected before it fires.
    this.#timer = setTimeout(() => this.#controller.abort(), Math.min(timeout, maxTimeout));
    signal?.addEventListener('abort', this.#cancel);
    if (signal?.aborted) this.#cancel();
  }

  readonly #cancel = () => this.#controller.abort(this.#cancelled?.reason);

  /** Lets go of the timer and of the caller's signal. */
  end(): void {
    clearTimeout(this.#timer);
    this.#cancelled?.removeEventListener('abort', this.#cancel);
  }

  /**
   * Waits for something that goes on for other calls.
   *
   * @throws ApiError `network_error` when the time is over
   * @throws the reason of the caller who cancels the call
   */
  async wait<Result>(going: Promise<Result>): Promise<Result> {
    const { signal } = this;
    const over = new Promise<never>((_, reject) => {
      const end = () => reject(this.failure(signal.reason));
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
    return Promise.race([going, over]);
  }

  /** The error of a request that got no response. */
  failure(cause: unknown): Error {
    if (this.#cancelled?.aborted) return this.#cancelled.reason as Error;
    const detail = this.signal.aborted ? `No answer within ${this.#timeout} ms` : 'The server cannot be reached';
    return new ApiError('network_error', { operation: this.#operation, detail, cause });
  }
}
