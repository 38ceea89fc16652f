import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the server that the whole run shares. */
    postgresUrl: string;
  }
}

/** One server for the whole run. It ends with the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  console.log(`Postgres for the tests: ${server.source}`);
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
