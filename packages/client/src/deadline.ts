import { ApiError } from './api-error.ts';
import type { CallOptions } from './operations.ts';

/** Milliseconds that a call may take. */
const defaultTimeout = 30_000;

/** The time that a call has, and the wish of its caller to cancel it. */
export class Deadline {
  readonly #operation: string;
  readonly #cancelled: AbortSignal | undefined;
  readonly #timeout: number;
  /** Aborts what the call does when its time is over or its caller cancels it. */
  readonly signal: AbortSignal;

  constructor(operation: string, { signal, timeout = defaultTimeout }: CallOptions) {
    this.#operation = operation;
    this.#cancelled = signal;
    this.#timeout = timeout;
    const isOver = AbortSignal.timeout(timeout);
    this.signal = signal ? AbortSignal.any([signal, isOver]) : isOver;
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
