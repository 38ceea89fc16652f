import type { TestProject } from 'vitest/node';
import { startRedis } from './redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that the whole run shares. */
    redisUrl: string;
  }
}

/** One server for the whole run. It ends with the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startRedis();
  console.log(`Redis for the tests: ${server.source}`);
  project.provide('redisUrl', server.url);
  return () => server.stop();
}
