import { startCommanded } from './runner.ts';

/** A real PgBouncer in front of a Postgres. */
export interface PgBouncer {
  /** The URL of the same database through it. */
  readonly url: string;
  /** Changes settings while it runs, such as `pool_mode=session`. */
  reload(...settings: readonly string[]): Promise<void>;
  /** Ends all its connections. */
  stop(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** Starts Debian's PgBouncer in front of the Postgres at this URL, in transaction mode unless the settings say otherwise. */
export async function startPgBouncer(target: string, ...settings: readonly string[]): Promise<PgBouncer> {
  const runner = new URL('pgbouncer-runner.mjs', import.meta.url);
  const { url, say, stop } = await startCommanded(runner, [target, ...settings]);
  return {
    url,
    reload: (...changes) => say(['reload', ...changes].join(' ')),
    stop: (signal = 'SIGINT') => say(`stop ${signal}`),
    start: () => say('start'),
    close: stop,
  };
}
