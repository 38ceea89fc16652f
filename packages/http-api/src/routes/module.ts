import type { Policy } from '@sallyport/core';
import type { ProblemTypes } from '../problems/problem-types.ts';
import { coreRoutes } from './core-routes.ts';
import { type Route, type RouteDeclaration, routeUnder } from './route.ts';

/** A feature over HTTP that the core does not have: its routes, and how HTTP presents its errors. */
export interface HttpModule {
  readonly routes: readonly RouteDeclaration[];
  /** The problem type of each error code that its use cases add to the core's. */
  readonly problems: ProblemTypes;
  /** What the OpenAPI document says of its tags. The tag of a route is the first segment of its path. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Every route under this policy, those of the modules last. The endpoints and the OpenAPI document are made from it.
 *
 * @throws Error when two routes have the same operation id
 */
export function routesUnder(policy: Policy, modules: readonly HttpModule[] = []): readonly Route[] {
  const declared = [...coreRoutes, ...modules.flatMap((module) => module.routes)];
  refuseSameIds(declared);
  return declared.map((one) => routeUnder(policy, one));
}

/** A name that depended on which modules are there would change under the clients that were generated from it. */
function refuseSameIds(routes: readonly RouteDeclaration[]): void {
  const named = new Map<string, RouteDeclaration>();
  for (const route of routes) {
    const other = named.get(route.operationId);
    if (other) {
      const both = [other, route].map(({ method, path }) => `${method} ${path}`).join(' and ');
      throw new Error(`${both} are both the operation ${route.operationId}: give one another operationId`);
    }
    named.set(route.operationId, route);
  }
}
