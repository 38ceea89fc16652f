import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { shortLived } from './test/short-lived.ts';
import { SlowestFirst } from './test/slowest-first.ts';

export const conditions = ['@sallyport/source'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** The files of a worker share the modules that they import: to load them anew for each took most of the time. */
const isolate = false;

export default defineConfig({
  test: {
    // Many tests wait for a database or a process: a worker for each core, and one for when the others wait.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    coverage: {
      provider: 'v8',
      reporter: ['text-summary'],
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      thresholds: { 'packages/core/src/**': { branches: 95 } },
    },
    projects: [
      {
        ...shared,
        // A machine that is busy is no reason to fail.
        test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], testTimeout: 60_000, isolate },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          isolate,
          execArgv: shortLived,
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          globalSetup: ['test/folder-of-the-run.ts', 'test/postgres-setup.ts', 'test/secrecy-of-the-run.ts'],
          setupFiles: ['test/secrecy-of-a-file.ts', 'test/databases-of-a-file.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
