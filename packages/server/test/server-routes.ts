import {
  openApiDocument as documentOf,
  problemTypes as coreProblems,
  type ProblemType,
  type ProblemTypes,
  routesUnder,
} from '@sallyport/http-api';
import { type Policy, policyOf } from '@sallyport/core';
import { httpModules, modules } from '../src/modules.ts';
import { profile } from '../src/profile.ts';

/** What the server decides about accounts. */
export const policy = policyOf({ profile }, modules);

/** The server's routes. */
export const routes = routesUnder(policy, httpModules);

/** The server's problem types, by the last part of their URIs. */
export const problemTypes: ProblemTypes = Object.fromEntries(
  [{ problems: coreProblems }, ...httpModules]
    .flatMap(({ problems }) => Object.entries<ProblemType>(problems))
    .map(([code, type]) => [type.uri ?? code, type]),
);

/** The server's OpenAPI document, under a path if it is mounted there. */
export const openApiDocument = (given: Policy, basePath?: string): object =>
  documentOf({ policy: given, modules: httpModules, basePath });
