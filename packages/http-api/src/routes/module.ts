import type { Policy } from '@sallyport/core';
import type { ProblemTypes } from '../problems/problem-types.ts';
import { coreRoutes } from './core-routes.ts';
import { type Route, type RouteDeclaration, routeUnder } from './route.ts';

/** A feature over HTTP that the core does not have: its routes, and how HTTP presents its errors. */
export interface HttpModule {
  readonly routes: readonly RouteDeclaration[];
  /** The problem type of each error code that its use cases add to the core's. */
  readonly problems: ProblemTypes;
}

/** Every route under this policy, those of the modules last. The endpoints and the OpenAPI document are made from it. */
export function routesUnder(policy: Policy, modules: readonly HttpModule[] = []): readonly Route[] {
  const declared = [...coreRoutes, ...modules.flatMap((module) => module.routes)];
  return declared.map((one) => routeUnder(policy, one));
}
