import { setTimeout as delay } from 'node:timers/promises';
import { anyone, type Application, isSallyportError } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Database } from './database.ts';

/** What goes on beside requests, until it is stopped. Every node does it; the store keeps them out of each other's way. */
export interface Workers {
  start(): void;
  /** Ends once the step that is under way is done. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks. A mail leaves within a second. */
const mailPause = 500;
const maintenancePause = 60_000;

/** A step of work: says whether there is more to do at once. */
type Step = () => Promise<boolean>;

export function createWorkers(application: Application, database: Pick<Database, 'maintain'>, log: Logger): Workers {
  const stopping = new AbortController();
  let loops: Promise<void>[] = [];
  const repeat = async (name: string, pause: number, step: Step) => {
    while (!stopping.signal.aborted) {
      const hasMore = await attempt(name, step, log);
      if (!hasMore) await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  return {
    start() {
      loops = [
        repeat('mails', mailPause, async () => (await application.sendMails.execute(anyone)) > 0),
        repeat('purge', maintenancePause, () => application.purgeExpired.execute(anyone)),
        repeat('keys', maintenancePause, async () => {
          await application.maintainKeys.execute(anyone);
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

/** A step that fails is told of, and done again after the pause. */
async function attempt(name: string, step: Step, log: Logger): Promise<boolean> {
  try {
    return await step();
  } catch (err) {
    const isExpected = isSallyportError(err) && err.code === 'unavailable';
    log[isExpected ? 'warn' : 'error']({ err, worker: name }, 'A worker failed');
    return false;
  }
}
