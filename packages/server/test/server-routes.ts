import { openApiDocument as documentOf, problemTypes as coreProblems, routesUnder } from '@sallyport/http-api';
import { httpPosts } from '@sallyport/http-api/posts';
import { type Policy, policyOf } from '@sallyport/core';
import { authorFields, profile } from '../src/profile.ts';

const modules = [httpPosts];

/** What the server decides about accounts. */
export const policy = policyOf({ profile, authorFields });

/** The server's routes. */
export const routes = routesUnder(policy, modules);

/** The server's problem types. */
export const problemTypes = { ...coreProblems, ...httpPosts.problems };

/** The server's OpenAPI document. */
export const openApiDocument = (given: Policy): object => documentOf({ policy: given, modules });
