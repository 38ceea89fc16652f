/** Who is measured: how each contestant is started, and what it is asked. */
import { join } from 'node:path';
import { betterAuthApi } from './apis/better-auth-api.mjs';
import { bearerApi } from './apis/bearer-api.mjs';
import { constantApi } from './apis/constant-api.mjs';

const own = (name) => join(import.meta.dirname, 'contestants', name);
const launcher = join(import.meta.dirname, '../packages/server/bin/sallyport.cjs');

const sallyportVariables = {
  PORT: '0',
  PUBLIC_URL: 'http://localhost:3000',
  SECRET_KEY: 'only for measurements, 32 bytes and more',
  RATE_LIMITS: 'off',
  // Longer than a run.
  ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
};
const server = (variables) => ({
  script: launcher,
  args: ['serve'],
  environment: { ...sallyportVariables, ...variables },
});
const sallyportApi = bearerApi({ publishes: true });

/** `program` takes the URL of an empty database on Postgres, if `needsDatabase`. */
export const contestants = {
  sallyport: {
    title: 'Sallyport, the server',
    needsDatabase: true,
    program: (url) => server({ DATABASE_URL: url }),
    api: sallyportApi,
  },
  'fastify-lean': {
    title: 'Fastify, lean',
    needsDatabase: true,
    program: (url) => ({ script: own('fastify.mjs'), args: ['lean'], environment: { DATABASE_URL: url } }),
    api: bearerApi(),
  },
  'fastify-fair': {
    title: 'Fastify, fair',
    needsDatabase: true,
    program: (url) => ({ script: own('fastify.mjs'), args: ['fair'], environment: { DATABASE_URL: url } }),
    api: bearerApi(),
  },
  'better-auth': {
    title: 'better-auth with argon2',
    needsDatabase: true,
    program: (url) => ({ script: own('better-auth.mjs'), environment: { DATABASE_URL: url } }),
    api: betterAuthApi,
  },
  'better-auth-scrypt': {
    title: 'better-auth with its own scrypt',
    needsDatabase: true,
    program: (url) => ({ script: own('better-auth.mjs'), args: ['scrypt'], environment: { DATABASE_URL: url } }),
    api: betterAuthApi,
    only: ['login'],
  },
  'bare-koa': {
    title: 'Koa, a constant answer',
    program: () => ({ script: own('bare-koa.mjs') }),
    api: constantApi,
  },
};
