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

/**
 * The places that may store a session: the one way from a proof to a session, and the contracts of stores. A sign-in
 * method that stored one itself would skip what every session requires.
 */
export const storesSessions = ['packages/core/src/sign-in/open-session.ts', 'packages/core/src/contracts/'];

/** The one package that reads the environment. */
export const compositionRoot = 'server';

/**
 * The layers of the core, from the bottom up. The units of a layer are folders and files directly in
 * `packages/core/src`; each unit is in one layer. A unit may import its own files, units of its own layer, and the
 * layers and packages listed here. Nothing may import in a cycle: no units, and no files of a unit.
 *
 * @type {Record<string, { units: readonly string[], mayImport: readonly string[] }>}
 */
export const coreLayers = {
  // What there is, and the rules about it.
  model: { units: ['model'], mayImport: ['valibot'] },
  // What the core needs from outside: interfaces alone.
  ports: { units: ['ports'], mayImport: ['model'] },
  // What a use case is, and who may call it.
  useCaseBase: { units: ['authorize.ts', 'read-member.ts', 'use-case.ts'], mayImport: ['model', 'ports', 'valibot'] },
  // Steps that use cases share.
  helpers: { units: ['events', 'limits', 'links'], mayImport: ['model', 'ports', 'useCaseBase'] },
  // What the business does.
  useCases: {
    units: ['administration', 'identity', 'keys', 'mails', 'posts', 'recovery', 'sessions', 'sign-in'],
    mayImport: ['model', 'ports', 'useCaseBase', 'helpers', 'valibot'],
  },
  // What adapters are tested with. It has a door of its own: no other unit may import it.
  contracts: { units: ['contracts'], mayImport: ['model', 'ports'] },
  // What builds the use cases.
  application: {
    units: ['application.ts'],
    mayImport: ['model', 'ports', 'useCaseBase', 'helpers', 'useCases', 'valibot'],
  },
  // The public surface.
  surface: {
    units: ['index.ts'],
    mayImport: ['model', 'ports', 'useCaseBase', 'helpers', 'useCases', 'application', 'valibot'],
  },
};
