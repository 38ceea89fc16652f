import * as v from 'valibot';
import type { Application } from './application.ts';
import type { System } from './model/caller.ts';
import { aFunction, exactly, readOptions } from './model/option-schemas.ts';

/** Every JavaScript runtime has these, although the language does not define them. Times are in milliseconds. */
declare function setTimeout(callback: () => void, delay: number): unknown;
declare function clearTimeout(timer: unknown): void;
/** A clock that is never set, unlike `Date`. */
declare const performance: { now(): number };

/** Background work that is running. */
export interface Workers {
  /** Resolves once the current steps are done. No other step begins. */
  stop(): Promise<void>;
}

/** What a host adds to the background work. */
export interface WorkerOptions {
  /** The maintenance that the host's own adapters need every minute. */
  readonly maintain?: (() => Promise<unknown>) | undefined;
  /**
   * Receives the error of a step that failed, and the name of its worker. The step is repeated after a pause. The workers
   * do not wait for the listener, and its own errors are dropped.
   */
  readonly onFailure?: ((error: unknown, worker: string) => void | Promise<void>) | undefined;
}

const optionsSchema = exactly<WorkerOptions>({ maintain: v.optional(aFunction), onFailure: v.optional(aFunction) });

/**
 * The number of loops that send mails. They check in turn, so that a mail is sent within a second even if a mail server
 * blocks all loops but one.
 */
const mailLoops = 3;

/** Milliseconds between two checks of a loop: for work that clients wait for, and for upkeep. */
const shortPause = 1_000;
const maintenancePause = 60_000;

/** A step of work. It returns whether more can be done at once. */
type Step = () => Promise<boolean>;

/**
 * Runs the background work until it is stopped: it sends mails, deletes what closed accounts left and what has expired,
 * and rotates keys. Every node does it, and the store prevents conflicts between nodes. Await `stop` before you close
 * the store.
 *
 * @throws Error that names an option that cannot be used
 */
export function startWorkers(
  application: Pick<Application, 'sendMails' | 'purgeExpired' | 'purgeClosedAccounts' | 'maintainKeys'>,
  system: System,
  options: WorkerOptions = {},
): Workers {
  const { maintain = async () => {}, onFailure = () => {} } = readOptions(optionsSchema, options);
  const pauses = new Pauses();
  const repeat = async (name: string, pause: number, step: Step, firstPause = 0) => {
    await pauses.pause(firstPause);
    while (!pauses.areOver) {
      const hasMore = await step().catch((error: unknown) => {
        void report(onFailure, error, name);
        return false;
      });
      if (!hasMore) await pauses.pause(pause);
    }
  };
  const sendMails = async () => (await application.sendMails.execute(system)) > 0;
  const purgeClosedAccounts = async () => {
    const started = performance.now();
    const hasMore = await application.purgeClosedAccounts.execute(system);
    // Many such steps may follow each other. A pause as long as the step leaves room for requests.
    if (hasMore) await pauses.pause(performance.now() - started);
    return hasMore;
  };
  const loops = [
    ...Array.from({ length: mailLoops }, (_, loop) =>
      repeat('mails', shortPause, sendMails, (loop * shortPause) / mailLoops),
    ),
    repeat('purge', maintenancePause, () => application.purgeExpired.execute(system)),
    repeat('closed accounts', shortPause, purgeClosedAccounts),
    repeat(
      'keys',
      maintenancePause,
      nothingMore(() => application.maintainKeys.execute(system)),
    ),
    repeat('maintenance', maintenancePause, nothingMore(maintain)),
  ];
  return {
    async stop() {
      pauses.end();
      await Promise.all(loops);
    },
  };
}

/** A failure of the listener has no other listener to go to. */
async function report(
  onFailure: NonNullable<WorkerOptions['onFailure']>,
  error: unknown,
  worker: string,
): Promise<void> {
  try {
    await onFailure(error, worker);
  } catch {}
}

/** A step after which there is nothing more to do for now. */
function nothingMore(work: () => Promise<unknown>): Step {
  return async () => {
    await work();
    return false;
  };
}

/** Pauses that all end together. */
class Pauses {
  readonly #ends = new Set<() => void>();
  areOver = false;

  pause(milliseconds: number): Promise<void> {
    if (this.areOver) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#ends.add(end);
    });
  }

  end(): void {
    this.areOver = true;
    for (const end of this.#ends) end();
  }
}
