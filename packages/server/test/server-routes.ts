import { routesUnder } from '@sallyport/adapters-http-koa';
import { policyOf } from '@sallyport/core';
import { modules } from '../src/modules.ts';
import { profile } from '../src/profile.ts';

/** What the server decides about accounts. */
export const policy = policyOf({ profile }, modules);

/** The server's routes. */
export const routes = routesUnder(policy);
