/** The contestants: how each is started, which requests it knows, and what it is measured at. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bearerApi } from './apis/bearer-api.mjs';
import { betterAuthApi } from './apis/better-auth-api.mjs';
import { constantApi } from './apis/constant-api.mjs';
import { newAddress } from './harness/people.mjs';

const here = (name) => join(import.meta.dirname, 'contestants', name);
const launcher = join(import.meta.dirname, '../packages/server/bin/sallyport.cjs');

const variables = {
  PORT: '0',
  PUBLIC_URL: 'http://localhost:3000',
  SECRET_KEY: 'only for measurements, 32 bytes and more',
  RATE_LIMITS: 'off',
  // Longer than a run.
  ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
};
const sallyport = (url, more) => ({
  script: launcher,
  args: ['serve'],
  environment: { ...variables, DATABASE_URL: url, ...more },
});
const sallyportNode = (url) => ({
  script: here('sallyport-node.mjs'),
  // As the launcher of the server sets it.
  environment: { ...variables, DATABASE_URL: url, UV_THREADPOOL_SIZE: `${Math.max(4, availableParallelism() + 2)}` },
});
const onDatabase = (script, ...args) => ({
  needsDatabase: true,
  program: (url) => ({ script: here(script), args, environment: { DATABASE_URL: url } }),
});

const sallyportApi = bearerApi({ publishes: true });
const forwarded = () => ({ 'x-forwarded-for': newAddress() });

/**
 * `program` takes the URL of an empty database on Postgres, if `needsDatabase`. With `only`, a contestant is measured at
 * these workloads alone. Sallyport runs without limits, because the load comes from one address, except for
 * `sallyport-limits`, where each login comes from an address of its own.
 */
export const contestants = {
  sallyport: {
    title: 'Sallyport, server, Postgres',
    needsDatabase: true,
    program: sallyport,
    api: sallyportApi,
  },
  'sallyport-node': {
    title: 'Sallyport, `./node`, Postgres',
    needsDatabase: true,
    program: sallyportNode,
    api: sallyportApi,
  },
  'sallyport-limits': {
    title: 'Sallyport, server, Postgres, with limits',
    needsDatabase: true,
    program: (url) => sallyport(url, { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' }),
    api: bearerApi({ headers: forwarded }),
    only: ['login'],
  },
  'fastify-lean': { title: 'Fastify, lean', ...onDatabase('fastify.mjs', 'lean'), api: bearerApi() },
  'fastify-fair': { title: 'Fastify, fair', ...onDatabase('fastify.mjs', 'fair'), api: bearerApi() },
  'better-auth': { title: 'better-auth, argon2', ...onDatabase('better-auth.mjs', 'argon2'), api: betterAuthApi },
  'better-auth-scrypt': {
    title: 'better-auth, its scrypt',
    ...onDatabase('better-auth.mjs', 'scrypt'),
    api: betterAuthApi,
    only: ['login'],
  },
  'sallyport-pglite': { title: 'Sallyport, server, embedded', program: () => sallyport('pglite:'), api: sallyportApi },
  'sallyport-node-pglite': {
    title: 'Sallyport, `./node`, embedded',
    program: () => sallyportNode('pglite:./database'),
    api: sallyportApi,
  },
  'sallyport-memory': { title: 'Sallyport, server, memory', program: () => sallyport('memory:'), api: sallyportApi },
  'sallyport-node-memory': {
    title: 'Sallyport, `./node`, memory',
    program: () => sallyportNode('memory:'),
    api: sallyportApi,
  },
  'bare-koa': { title: 'Koa, a constant answer', program: () => ({ script: here('bare-koa.mjs') }), api: constantApi },
  'argon2-loop': {
    title: 'argon2 alone, two at a time',
    program: () => ({ script: here('argon2-loop.mjs') }),
    isLoop: true,
    only: ['login'],
  },
};

/** Whether a contestant can be measured at a workload. */
export function canTake({ api, isLoop, only }, name, { needs }) {
  return (only?.includes(name) ?? true) && (isLoop || needs.every((need) => api[need]));
}
