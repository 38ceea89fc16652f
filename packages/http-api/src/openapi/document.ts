import type { Policy } from '@sallyport/core';
import { tokenRoute } from '../oauth/endpoints.ts';
import { problemTypesWith } from '../problems/problem-types.ts';
import { type HttpModule, routesUnder } from '../routes/module.ts';
import { pageItem } from '../routes/route.ts';
import { linkHeader, operation } from './operation.ts';
import { sharedParameters } from './parameters.ts';
import { refusalHeaders, refusalSchemas, usedRefusals } from './refusals.ts';
import { NamedSchemas } from './schemas.ts';
import { tagsOf } from './tag.ts';

/** What the document describes. */
export interface Described {
  /** The policy of the application behind the API. */
  readonly policy: Policy;
  readonly modules?: readonly HttpModule[] | undefined;
  /** The path of the public URL, if the API is not at the root. */
  readonly basePath?: string | undefined;
}

const info = {
  title: 'Sallyport',
  version: '0.1.0',
  summary: 'Accounts, sessions and authorization.',
  description:
    'Log in by `login`, send the access token as `Authorization: Bearer …`, and renew it by `refresh` before it expires. ' +
    'Names are in snake_case, times in RFC 3339. Errors are problem+json (RFC 9457), except on the OAuth endpoints. ' +
    'Lists are pages: follow the header `Link` with `rel="next"`.',
  contact: { name: 'Sallyport' },
  license: { name: 'MIT', identifier: 'MIT' },
};

/**
 * The OpenAPI 3.1 document of the API, made from the table of routes. An operation is named for its use case, and each
 * body is a named schema.
 *
 * @throws Error when two routes have the same operation id, or two views that differ the same title
 */
export function openApiDocument({ policy, modules = [], basePath = '' }: Described): object {
  const types = problemTypesWith(modules);
  const routes = routesUnder(policy, modules);
  const schemas = new NamedSchemas(policy);
  const shared = { types, schemas, parameters: sharedParameters(routes, schemas) };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, shared) };
  }
  const hasPages = routes.some(({ output }) => pageItem(output));
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: basePath || '/', description: 'This server.' }],
    tags: tagsOf(routes, modules),
    paths,
    components: {
      parameters: shared.parameters.components,
      headers: { ...(hasPages && { NextPage: linkHeader }), ...refusalHeaders },
      responses: usedRefusals(JSON.stringify(paths)),
      schemas: { ...schemas.components(), ...refusalSchemas(types) },
      securitySchemes: {
        password: {
          type: 'oauth2',
          description: 'The username is the e-mail address.',
          flows: { password: { tokenUrl: basePath + tokenRoute.path, scopes: {} } },
        },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
      },
    },
  };
}
