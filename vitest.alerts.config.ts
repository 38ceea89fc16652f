import { defineConfig } from 'vitest/config';
import { conditions } from './vitest.config.ts';

/** What needs promtool, which npm cannot install. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.alerts.ts'],
    globalSetup: ['test/folder-of-the-run.ts', 'test/postgres-setup.ts', 'test/secrecy-of-the-run.ts'],
    setupFiles: ['test/secrecy-of-a-file.ts', 'test/databases-of-a-file.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
