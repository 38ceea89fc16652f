import { defineConfig } from 'vitest/config';
import { conditions } from './vitest.config.ts';

/** What needs half a minute of CPU, and seldom breaks: tests of the fuzzer, and of what only another PGlite changes. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.slow.ts'],
    globalSetup: ['test/folder-of-the-run.ts', 'test/secrecy-of-the-run.ts'],
    setupFiles: ['test/secrecy-of-a-file.ts'],
    testTimeout: 120_000,
  },
});
