import { createLog } from '../../src/log.ts';
import { keepLog } from '../kept-log.ts';
import { passwordMark } from './cast.ts';

/** What must not be in the log: a password, an access token, a hash. */
const secret = new RegExp(`${passwordMark}|eyJ|plain:\\d`);

/** Looks at what a server does beside its answers. */
export class Watch {
  readonly #byRequest = new Map<string, string>();
  readonly #orphans: string[] = [];
  readonly #broken: string[] = [];
  /** The log of the server under watch. */
  readonly log = createLog('info', { write: (line) => this.#read(line) });
  /** Other listeners for uncaught errors, until the watch ends. */
  readonly #listeners = (['unhandledRejection', 'uncaughtException'] as const).map(
    (event) => [event, process.listeners(event as 'uncaughtException')] as const,
  );

  constructor() {
    for (const [event] of this.#listeners) {
      process.removeAllListeners(event);
      process.on(event, (error: unknown) => {
        this.#broken.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
      });
    }
  }

  #read(line: string): void {
    keepLog(line);
    const isSecret = secret.test(line);
    const { level, requestId, err } = JSON.parse(line) as {
      level: number;
      requestId?: string;
      err?: { stack?: string; message?: string };
    };
    if (level < 50 && !isSecret) return;
    const what = isSecret ? 'tells the log a secret' : `tells the log of an error: ${err?.stack ?? err?.message}`;
    if (requestId === undefined) this.#orphans.push(what);
    else this.#byRequest.set(requestId, what);
  }

  /** What was logged of a request that should not have been; asked for once. */
  logged(requestId: string | null): readonly string[] {
    const what = this.#byRequest.get(requestId ?? '');
    if (what === undefined) return [];
    this.#byRequest.delete(requestId ?? '');
    return [what];
  }

  /** Whether something was wrong that belongs to no request. */
  get isAlarmed(): boolean {
    return this.#broken.length + this.#orphans.length > 0;
  }

  /** Ends the watch, and returns the alarms that were not read. */
  end(): readonly string[] {
    for (const [event, listeners] of this.#listeners) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener as () => void);
    }
    return [...this.#broken, ...this.#orphans, ...this.#byRequest.values()];
  }
}
