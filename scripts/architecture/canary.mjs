import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkArchitecture } from './check.mjs';
import { badCore, goodCore } from './core-canary.mjs';
import { coreLayers, mayImport } from './rules.mjs';

const manifest = (name, dependencies, more = {}) =>
  JSON.stringify({
    name: `@sallyport/${name}`,
    exports: { '.': { '@sallyport/source': './src/index.ts' } },
    dependencies: Object.fromEntries(dependencies.map((one) => [one, '1.0.0'])),
    ...more,
  });

/** A small tree that keeps every rule. */
const good = {
  'packages/core/package.json': manifest('core', ['valibot']),
  ...goodCore,
  'packages/adapters-memory/package.json': manifest('adapters-memory', ['@sallyport/core']),
  'packages/adapters-memory/src/index.ts': `import type { Clock } from '@sallyport/core';`,
  'packages/adapters-postgres/package.json': manifest('adapters-postgres', ['@sallyport/core', 'pg'], {
    exports: {
      '.': { '@sallyport/source': './src/index.ts' },
      './pglite': { '@sallyport/source': './src/pglite.ts' },
    },
    peerDependencies: { '@electric-sql/pglite': '1.0.0' },
  }),
  'packages/adapters-postgres/src/index.ts': `import '@sallyport/core';\nexport * from './pool.ts';`,
  'packages/adapters-postgres/src/pool.ts': `import { Pool } from 'pg';`,
  'packages/adapters-postgres/src/pglite.ts': `import { PGlite } from '@electric-sql/pglite';\nimport './pool.ts';`,
  'packages/adapters-crypto/package.json': manifest('adapters-crypto', ['@sallyport/core']),
  'packages/adapters-crypto/src/index.ts': `import '@sallyport/core';\nimport { randomBytes } from 'node:crypto';`,
  'packages/http-api/package.json': manifest('http-api', ['@sallyport/core', 'valibot']),
  'packages/http-api/src/index.ts': `import '@sallyport/core';\nimport * as v from 'valibot';\nimport 'node:querystring';`,
  'packages/adapters-http-koa/package.json': manifest('adapters-http-koa', ['@sallyport/http-api', 'koa']),
  'packages/adapters-http-koa/src/index.ts': `import '@sallyport/http-api';\nimport Koa from 'koa';`,
  'packages/hardened-server/package.json': manifest('hardened-server', []),
  'packages/hardened-server/src/index.ts': `import { createServer } from 'node:http';`,
  'packages/adapters-smtp/package.json': manifest('adapters-smtp', ['@sallyport/core', 'nodemailer']),
  'packages/adapters-smtp/src/index.ts': `import '@sallyport/core';\nimport { createTransport } from 'nodemailer';`,
  'packages/adapters-redis/package.json': manifest('adapters-redis', ['@sallyport/core', '@redis/client']),
  'packages/adapters-redis/src/index.ts': `import '@sallyport/core';\nimport { createClient } from '@redis/client';`,
  'packages/client/package.json': manifest('client', []),
  'packages/client/src/index.ts': `export * from './client.ts';`,
  'packages/client/src/client.ts': `import { routes } from './generated/routes.ts';`,
  'packages/client/src/generated/routes.ts': `export const routes = { listPosts: 'GET /posts' };`,
  'packages/server/package.json': manifest('server', [
    '@sallyport/adapters-postgres',
    '@electric-sql/pglite',
    'inversify',
  ]),
  'packages/server/src/modules.ts': `import { posts } from './index.ts';`,
  'packages/server/src/http.ts': `/* The method POST, postgres, and a post office. */`,
  'packages/server/src/index.ts': `import '@sallyport/adapters-postgres';\nimport 'inversify';\nprocess.env;`,
};

/** Trees that each differ from the good one in one step, with the one refusal that must follow. */
const bad = [
  ['core/src/ports/clock.ts', `import { readFile } from 'node:fs';`, ':1: core may not import node:fs'],
  ['core/src/ports/clock.ts', `import { readFile } from 'fs';`, ':1: core may not import fs'],
  ['core/src/ports/clock.ts', `import Koa from 'koa';`, ':1: core may not import koa'],
  ['core/src/ports/clock.ts', `\nimport type Koa from 'koa';`, ':2: core may not import koa'],
  ['core/src/ports/clock.ts', `export type { Context } from 'koa';`, ':1: core may not import koa'],
  ['core/src/ports/clock.ts', `type Koa = import('koa').default;`, ':1: core may not import koa'],
  ['core/src/ports/clock.ts', `const koa = await import('koa');`, ':1: core may not import koa'],
  ['core/src/ports/clock.ts', `const koa = require('koa');`, ':1: core may not import koa'],
  ['core/src/ports/clock.ts', `/// <reference types="node" />`, ':1: core may not import node'],
  ['core/src/ports/clock.ts', `await import(name);`, ':1: an import must name its module in plain text'],
  [
    'core/src/ports/clock.ts',
    `import '../../../server/src/index.ts';`,
    ':1: ../../../server/src/index.ts leaves its package',
  ],
  ['core/src/ports/clock.ts', `Math.random();`, ':1: Math.random can be guessed'],
  ['core/src/ports/clock.ts', `const { random } = Math;`, ':1: Math.random can be guessed'],
  [
    'adapters-memory/src/store.ts',
    `import '@sallyport/adapters-postgres';`,
    ':1: adapters-memory may not import @sallyport/adapters-postgres',
  ],
  ['adapters-memory/src/store.ts', `globalThis.process.env;`, ':1: only server may read process.env'],
  ['adapters-memory/src/store.ts', `process['env'].PORT;`, ':1: only server may read process.env'],
  ['adapters-memory/src/store.ts', `import { env } from 'node:process';`, ':1: only server may import node:process'],
  [
    'adapters-memory/src/store.ts',
    `import '@sallyport/core/dist/index.js';`,
    ':1: @sallyport/core/dist/index.js is no door of its package',
  ],
  [
    'adapters-postgres/src/pool.ts',
    `import 'pg';\nimport type { PGlite } from '@electric-sql/pglite';`,
    ': only the door ./pglite may lead to @electric-sql/pglite',
  ],
  [
    'adapters-http-koa/src/wiring.ts',
    `import { Container } from 'inversify';`,
    ':1: adapters-http-koa may not import inversify',
  ],
  ['http-api/src/app.ts', `import Koa from 'koa';`, ':1: http-api may not import koa'],
  [
    'http-api/src/app.ts',
    `import '@sallyport/adapters-http-koa';`,
    ':1: http-api may not import @sallyport/adapters-http-koa',
  ],
  [
    'adapters-http-koa/src/server.ts',
    `import '@sallyport/hardened-server';`,
    ':1: adapters-http-koa may not import @sallyport/hardened-server',
  ],
  [
    'hardened-server/src/limits.ts',
    `import { withDefaults } from '@sallyport/core';`,
    ':1: hardened-server may not import @sallyport/core',
  ],
  [
    'hardened-server/src/limits.ts',
    `import type { Problem } from '@sallyport/http-api';`,
    ':1: hardened-server may not import @sallyport/http-api',
  ],
  ['hardened-server/src/limits.ts', `import Koa from 'koa';`, ':1: hardened-server may not import koa'],
  [
    'client/src/client.ts',
    `import type { UserView } from '@sallyport/core';`,
    ':1: client may not import @sallyport/core',
  ],
  ['client/src/client.ts', `import { webcrypto } from 'node:crypto';`, ':1: client may not import node:crypto'],
  ['client/src/client.ts', `import ky from 'ky';`, ':1: client may not import ky'],
  ['client/src/client.ts', `routes.listPosts;`, ':1: only the module of posts may say listPosts'],
  [
    'adapters-http-koa/package.json',
    manifest('adapters-http-koa', ['@sallyport/http-api']),
    ': koa is imported, but is no dependency',
  ],
  [
    'adapters-crypto/package.json',
    manifest('adapters-crypto', ['@sallyport/core', 'jose']),
    ': jose is a dependency, but is not imported',
  ],
  [
    'adapters-crypto/package.json',
    manifest('adapters-crypto', ['@sallyport/core', '@types/koa']),
    ': @types/koa is a dependency, but is not imported',
  ],
  // Posts that are named outside their module, in each way to write it, and names that only look alike.
  ['core/src/ports/clock.ts', `export interface Posts {}`, ':1: only the module of posts may say Posts'],
  ['core/src/ports/clock.ts', `\n// Of posts, too.`, ':2: only the module of posts may say posts'],
  ['core/src/ports/clock.ts', `const code = 'post_not_found';`, ':1: only the module of posts may say post_not_found'],
  ['adapters-memory/src/store.ts', `createPost();`, ':1: only the module of posts may say createPost'],
  [
    'server/src/index.ts',
    `import '@sallyport/adapters-postgres';\nimport 'inversify';\nlet postsPort;`,
    ':3: only the module of posts may say postsPort',
  ],
  ['adapters-mail/package.json', manifest('adapters-mail', []), 'packages/adapters-mail: has no rule'],
  ...badCore,
];

/** The good tree, in which the core imports nothing but what its manifest declares. */
const withoutArrows = {
  ...good,
  ...Object.fromEntries(Object.keys(goodCore).map((path) => [path, ''])),
  'packages/core/src/model/user.ts': `import * as v from 'valibot';`,
};

/**
 * Shows that the check can refuse, since a check that reads nothing finds no violation.
 *
 * @returns {{ trees: number, failures: string[] }} the canaries with a wrong result
 */
export function checkCanaries() {
  const names = Object.keys(mayImport);
  const units = Object.values(coreLayers).flatMap((layer) => layer.units);
  const noArrow = 'packages/core/src: no import between units was read';
  const trees = [
    { tree: good, expected: [] },
    {
      tree: {},
      expected: [
        ...names.map((name) => `packages/${name}: no source file was read`),
        'no import was read',
        ...units.map((unit) => `packages/core/src/${unit}: no source file was read`),
        noArrow,
      ],
    },
    { tree: withoutArrows, expected: [noArrow] },
    ...bad.map(([path, text, refusal]) => ({
      tree: { ...good, [`packages/${path}`]: text },
      expected: [refusal.startsWith('packages/') ? refusal : `packages/${path}${refusal}`],
    })),
  ];
  const failures = trees.flatMap(({ tree, expected }) => {
    const { refusals } = checkTree(tree);
    if (JSON.stringify(refusals) === JSON.stringify(expected)) return [];
    return [`canary: expected [${expected.join(', ')}], found [${refusals.join(', ')}]`];
  });
  return { trees: trees.length, failures };
}

function checkTree(tree) {
  const root = mkdtempSync(join(tmpdir(), 'architecture-'));
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkArchitecture(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
