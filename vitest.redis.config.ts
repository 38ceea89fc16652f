import { defineConfig } from 'vitest/config';
import { conditions } from './vitest.config.ts';

/** What needs a real Redis, which npm cannot install. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.redis.ts'],
    globalSetup: ['test/redis-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
