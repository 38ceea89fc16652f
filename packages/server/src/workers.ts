import { setTimeout as delay } from 'node:timers/promises';
import { type Application, isSallyportError, type System } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Database } from './database.ts';

/** Background work, until it is stopped. Every node does it, and the store prevents conflicts between nodes. */
export interface Workers {
  start(): void;
  /** Resolves once the current step is done. */
  stop(): Promise<void>;
}

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

export function createWorkers(
  { application, system }: { readonly application: Application; readonly system: System },
  database: Pick<Database, 'maintain'>,
  log: Logger,
): Workers {
  const stopping = new AbortController();
  let loops: Promise<void>[] = [];
  const pauseFor = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: stopping.signal }).catch(() => {});
  const repeat = async (name: string, pause: number, step: Step, firstPause = 0) => {
    await pauseFor(firstPause);
    while (!stopping.signal.aborted) {
      const hasMore = await attempt(name, step, log);
      if (!hasMore) await pauseFor(pause);
    }
  };
  const sendMails = async () => (await application.sendMails.execute(system)) > 0;
  return {
    start() {
      loops = [
        ...Array.from({ length: mailLoops }, (_, loop) =>
          repeat('mails', shortPause, sendMails, (loop * shortPause) / mailLoops),
        ),
        repeat('purge', maintenancePause, () => application.purgeExpired.execute(system)),
        repeat('closed accounts', shortPause, () =>
          inHalfTheTime(() => application.purgeClosedAccounts.execute(system)),
        ),
        repeat('keys', maintenancePause, async () => {
          await application.maintainKeys.execute(system);
          return false;
        }),
        repeat('database', maintenancePause, async () => {
          await database.maintain();
          return false;
        }),
      ];
    },
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** Runs a step that may be followed by many. It pauses as long as the step took, to leave room for requests. */
async function inHalfTheTime(step: Step): Promise<boolean> {
  const started = performance.now();
  const hasMore = await step();
  if (hasMore) await delay(performance.now() - started);
  return hasMore;
}

/** Runs a step. A failure is logged, and the step is repeated after the pause. */
async function attempt(name: string, step: Step, log: Logger): Promise<boolean> {
  try {
    return await step();
  } catch (err) {
    const isExpected = isSallyportError(err) && err.code === 'unavailable';
    log[isExpected ? 'warn' : 'error']({ err, worker: name }, 'A worker failed');
    return false;
  }
}
