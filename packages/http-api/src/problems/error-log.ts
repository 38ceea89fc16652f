import { isolate } from '../isolate.ts';

/** Where failures of the server are reported. `console` is one. What it throws or rejects is dropped. */
export interface ErrorLog {
  /** An unexpected error, or the cause of an `unavailable`. The answer shows none of it. */
  error(error: unknown, requestId: string): void;
}

/**
 * The log of the host, whose failures are dropped.
 *
 * @throws Error when it is not a log
 */
export function isolatedLog(log: ErrorLog): ErrorLog {
  const { error } = (log ?? {}) as Partial<ErrorLog>;
  if (typeof error !== 'function') throw new Error('The option log must have a function error, like console');
  return { error: (failure, requestId) => void isolate(() => log.error(failure, requestId)) };
}
