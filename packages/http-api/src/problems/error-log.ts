import { isolate } from '../isolate.ts';

/** Where failures of the server are reported. `console` is one. What it throws or rejects is dropped. */
export interface ErrorLog {
  /** An unexpected error, or the cause of an `unavailable`. The answer shows none of it. */
  error(error: unknown, requestId: string): void;
}

/** The log of the host, whose failures are dropped. */
export function isolatedLog(log: ErrorLog): ErrorLog {
  return { error: (failure, requestId) => void isolate(() => log.error(failure, requestId)) };
}
