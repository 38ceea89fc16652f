import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

/** The core's own tests, as Stryker runs them in its sandbox. */
export default defineConfig({
  resolve: {
    // Through node_modules these names would lead out of the sandbox, to a core without mutants.
    alias: {
      '@sallyport/core/contracts': source('core/src/contracts/index.ts'),
      '@sallyport/core': source('core/src/index.ts'),
      '@sallyport/adapters-memory/testing': source('adapters-memory/src/testing/index.ts'),
      '@sallyport/adapters-memory': source('adapters-memory/src/index.ts'),
    },
  },
  test: {
    include: ['packages/core/src/**/*.test.ts'],
  },
});
