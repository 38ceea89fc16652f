import { type Application, isSallyportError, startWorkers, type System, type Workers } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Database } from './database.ts';

/** The background work of the server, until it is stopped. */
export interface ServerWorkers extends Workers {
  start(): void;
}

/** The background work of an application. Its failures are logged. */
export function createWorkers(
  { application, system }: { readonly application: Application; readonly system: System },
  { maintain }: Pick<Database, 'maintain'>,
  log: Logger,
): ServerWorkers {
  let running: Workers | undefined;
  const onFailure = (err: unknown, worker: string) => {
    const isExpected = isSallyportError(err) && err.code === 'unavailable';
    log[isExpected ? 'warn' : 'error']({ err, worker }, 'A worker failed');
  };
  return {
    start() {
      running = startWorkers(application, system, { maintain, onFailure });
    },
    stop: async () => running?.stop(),
  };
}
