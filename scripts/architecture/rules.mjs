/**
 * What the sources of each package may import, tests aside: the arrows of the hexagon. `node:` stands for
 * Node's built-in modules, `*` for everything.
 *
 * @type {Record<string, readonly string[]>}
 */
export const mayImport = {
  core: ['valibot'],
  'adapters-memory': ['@sallyport/core', 'node:'],
  'adapters-postgres': [
    '@sallyport/core',
    'node:',
    'pg',
    'node-pg-migrate',
    'sql-template-tag',
    'fs-native-extensions',
    '@electric-sql/pglite',
  ],
  'adapters-crypto': ['@sallyport/core', 'node:', 'jose', '@node-rs/argon2'],
  'adapters-smtp': ['@sallyport/core', 'node:', 'nodemailer', 'escape-html'],
  'adapters-redis': ['@sallyport/core', 'node:', '@redis/client'],
  'adapters-http-koa': [
    '@sallyport/core',
    'node:',
    'koa',
    '@koa/cors',
    '@koa/router',
    'escape-html',
    'koa-helmet',
    'qs',
    'raw-body',
    'secure-json-parse',
    'swagger-ui-dist',
    'valibot',
    '@valibot/to-json-schema',
  ],
  server: ['*'],
};

/**
 * Optional peers, and the one door behind which they are imported: who uses the other doors need not
 * install them.
 *
 * @type {Record<string, Record<string, string>>}
 */
export const behindDoor = {
  'adapters-postgres': { '@electric-sql/pglite': './pglite' },
};

/** The one package that reads the environment. */
export const compositionRoot = 'server';
