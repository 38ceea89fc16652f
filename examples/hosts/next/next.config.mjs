import { join } from 'node:path';

export default {
  // Loaded by Node as they are, so that every route handler has the same copy of them.
  serverExternalPackages: [
    '@electric-sql/pglite',
    '@sallyport/adapters-crypto',
    '@sallyport/adapters-memory',
    '@sallyport/adapters-postgres',
    '@sallyport/adapters-smtp',
    '@sallyport/core',
    '@sallyport/http-api',
  ],
  // The folder that contains the workspace of the accounts.
  turbopack: { root: join(import.meta.dirname, '..') },
};
