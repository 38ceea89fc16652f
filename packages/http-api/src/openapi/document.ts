import { type Policy, UserView } from '@sallyport/core';
import * as v from 'valibot';
import { tokenRoute } from '../oauth/endpoints.ts';
import { problemTypesWith } from '../problems/problem-types.ts';
import { type HttpModule, routesUnder } from '../routes/module.ts';
import type { Route } from '../routes/route.ts';
import { wireJsonSchema } from './json-schema.ts';
import { operation, shownView } from './operation.ts';
import { spreadProfile, userSchema } from './profile-schema.ts';

const problemSchema = {
  type: 'object',
  description: 'RFC 9457',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The id of the request' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
        required: ['pointer', 'detail'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance'],
};

const oauthErrorSchema = {
  type: 'object',
  description: 'RFC 6749, section 5.2',
  properties: {
    error: { type: 'string' },
    error_description: { type: 'string' },
    detail: { type: 'string' },
  },
  required: ['error', 'error_description'],
};

/** What the document describes. */
export interface Described {
  /** The policy of the application behind the API. */
  readonly policy: Policy;
  readonly modules?: readonly HttpModule[] | undefined;
  /** The path of the public URL, if the API is not at the root. */
  readonly basePath?: string | undefined;
}

/** The OpenAPI 3.1 document of the API, made from the table of routes. */
export function openApiDocument({ policy, modules = [], basePath = '' }: Described): object {
  const types = problemTypesWith(modules);
  const routes = routesUnder(policy, modules);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, types) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport',
      version: '0.1.0',
      description: 'Accounts, sessions and authorization. Errors are problem+json (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: basePath || '/' }],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries(
          [...namedViews(routes)].map(([name, view]) => [name, wireJsonSchema(schemaUnder(policy, view))]),
        ),
        Problem: problemSchema,
        OAuthError: oauthErrorSchema,
      },
      securitySchemes: {
        password: {
          type: 'oauth2',
          description: 'The username is the e-mail address.',
          flows: { password: { tokenUrl: basePath + tokenRoute.path, scopes: {} } },
        },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

/** The views that have a name: each is written once. Other schemas are written inline. */
function namedViews(routes: readonly Route[]): ReadonlyMap<string, v.GenericSchema> {
  const named = new Map<string, v.GenericSchema>();
  for (const { output } of routes) {
    const view = shownView(output);
    const name = v.getTitle(view);
    if (name !== undefined) named.set(name, view);
  }
  return named;
}

/** The schema of a view, with the fields of the host's profile. */
function schemaUnder(policy: Policy, schema: v.GenericSchema): v.GenericSchema {
  if (schema === UserView) return userSchema(policy);
  const { entries } = schema as { readonly entries?: v.ObjectEntries };
  if (!entries) return schema;
  const shown = Object.entries(entries).map(
    ([name, entry]) => [name, schemaUnder(policy, entry as v.GenericSchema)] as const,
  );
  return v.object(spreadProfile(Object.fromEntries(shown)));
}
