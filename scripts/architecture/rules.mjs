/**
 * What the sources of each package may import, except its tests. `node:` stands for Node's built-in modules, `*` for
 * everything.
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
  'adapters-crypto': ['@sallyport/core', 'node:', 'jose', '@node-rs/argon2', '@node-rs/bcrypt'],
  'adapters-smtp': ['@sallyport/core', 'node:', 'nodemailer', 'escape-html'],
  'adapters-redis': ['@sallyport/core', 'node:', '@redis/client'],
  'http-api': [
    '@sallyport/core',
    'node:',
    'escape-html',
    'negotiator',
    'qs',
    'raw-body',
    'secure-json-parse',
    'valibot',
    '@valibot/to-json-schema',
  ],
  'adapters-http-koa': ['@sallyport/core', '@sallyport/http-api', 'node:', 'koa'],
  // Useful without Sallyport, so it knows none of the other packages.
  'hardened-server': ['node:'],
  // It runs in browsers, and its types are made from the OpenAPI document.
  client: [],
  server: ['*'],
};

/**
 * Optional peers, each with the only entry point that may import it. Users of the other entry points need not install
 * them.
 *
 * @type {Record<string, Record<string, string>>}
 */
export const behindDoor = {
  'adapters-postgres': { '@electric-sql/pglite': './pglite' },
};

/**
 * Methods of repositories that only one file may call, besides the contracts of stores. A sign-in method that stored a
 * session itself would skip the checks that every session requires. A use case that queued a mail itself would lose the
 * language of its caller.
 */
export const onlyCallers = {
  'sessions.append': { file: 'packages/core/src/sign-in/open-session.ts', act: 'store a session' },
  'outbox.append': { file: 'packages/core/src/mails/queue-mail.ts', act: 'queue a mail' },
};

/**
 * The files that may name posts: those in folders named `posts`, the wiring of the server, and what is made from its
 * OpenAPI document. The module of posts uses only what the author of any other module can use.
 */
export const namesPosts = [/\/posts\//, /^packages\/server\/src\/modules\.ts$/, /^packages\/client\/src\/generated\//];

/** The only package that reads the environment. */
export const compositionRoot = 'server';

/**
 * The layers of the core, from the bottom up. The units of a layer are folders and files directly in
 * `packages/core/src`; each unit is in one layer. A unit may import its own files, units of its own layer, and the
 * layers and packages listed here. There may be no cycles of imports, between units or between files of a unit.
 *
 * @type {Record<string, { units: readonly string[], mayImport: readonly string[] }>}
 */
export const coreLayers = {
  // The domain's types and rules.
  model: { units: ['model'], mayImport: ['valibot'] },
  // What the core needs from outside: only interfaces.
  ports: { units: ['ports'], mayImport: ['model'] },
  // The declaration of a use case, and the check of its caller.
  useCaseBase: {
    units: ['authorize.ts', 'module.ts', 'read-member.ts', 'use-case.ts', 'use-case-schema.ts'],
    mayImport: ['model', 'ports', 'valibot'],
  },
  // Steps that use cases share.
  helpers: { units: ['events', 'limits', 'links'], mayImport: ['model', 'ports', 'useCaseBase'] },
  // The use cases.
  useCases: {
    units: ['administration', 'identity', 'keys', 'mails', 'recovery', 'sessions', 'sign-in'],
    mayImport: ['model', 'ports', 'useCaseBase', 'helpers', 'valibot'],
  },
  // The tests for adapters. They have their own entry point, and no other unit may import them.
  contracts: { units: ['contracts'], mayImport: ['model', 'ports'] },
  // The function that builds the use cases.
  application: {
    units: ['application.ts', 'declared-callers.ts', 'given-ports.ts', 'joined.ts', 'workers.ts'],
    mayImport: ['model', 'ports', 'useCaseBase', 'helpers', 'useCases', 'valibot'],
  },
  // The public surface.
  surface: {
    units: ['index.ts'],
    mayImport: ['model', 'ports', 'useCaseBase', 'helpers', 'useCases', 'application', 'valibot'],
  },
  // The modules, which use only what the author of any other module can use.
  modules: { units: ['posts'], mayImport: ['surface', 'contracts', 'valibot'] },
};
