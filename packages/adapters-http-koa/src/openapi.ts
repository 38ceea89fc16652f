import {
  type InputSchema,
  memberRefusals,
  type Policy,
  PostView,
  PostWithAuthorView,
  refusalsOf,
  UserView,
  useCases,
} from '@sallyport/core';
import type * as v from 'valibot';
import { wireJsonSchema } from './json-schema.ts';
import { tokenRoute } from './oauth-endpoints.ts';
import { type ProblemCode, problemMediaType, problemTypes } from './problems.ts';
import { answersNothing, hasBody, pageItem, pathParameters, type Route } from './route.ts';
import { postWithAuthorSchema, spreadProfile, userSchema } from './profile-schema.ts';
import { routesUnder } from './routes.ts';
import { toWireName } from './wire.ts';

/** The views that the document names. Other schemas are written inline. */
const components = new Map<v.GenericSchema, string>([
  [UserView, 'User'],
  [PostView, 'Post'],
  [PostWithAuthorView, 'PostWithAuthor'],
  [useCases.login.output, 'Grant'],
  [useCases.listAudit.output.entries.items.item, 'AuditEntry'],
  [useCases.listSessions.output.entries.items.item, 'Session'],
]);

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

/**
 * The OpenAPI 3.1 document of the API, made from the table of routes.
 *
 * @param policy the policy of the application behind the API
 * @param basePath the path of the public URL, if the API is not at the root
 */
export function openApiDocument(policy: Policy, basePath = ''): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport',
      version: '0.1.0',
      description: 'Accounts, sessions and authorization. Errors are problem+json (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: basePath || '/' }],
    paths: paths(policy),
    components: {
      schemas: {
        ...Object.fromEntries(
          [...components].map(([schema, name]) => [name, wireJsonSchema(schemaUnder(policy, schema))]),
        ),
        Problem: problemSchema,
        OAuthError: oauthErrorSchema,
      },
      securitySchemes: {
        password: { type: 'oauth2', flows: { password: { tokenUrl: basePath + tokenRoute.path, scopes: {} } } },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

/** The schema of a view, with the fields of the host's profile. */
function schemaUnder(policy: Policy, schema: v.GenericSchema): v.GenericSchema {
  if (schema === UserView) return userSchema(policy);
  if (schema === PostWithAuthorView) return postWithAuthorSchema(policy);
  const { entries } = schema as { readonly entries?: v.ObjectEntries };
  if (!entries) return schema;
  const shown = Object.entries(entries).map(
    ([name, entry]) => [name, schemaUnder(policy, entry as v.GenericSchema)] as const,
  );
  return { ...schema, entries: Object.fromEntries(shown) } as v.GenericSchema;
}

function paths(policy: Policy): Record<string, Record<string, object>> {
  const byPath: Record<string, Record<string, object>> = {};
  for (const route of routesUnder(policy)) {
    byPath[route.path] = { ...byPath[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return byPath;
}

const asMember = [{ password: [] }, { bearer: [] }];

/** An empty requirement means that the request is also accepted without a token (OpenAPI 3.1, section 4.8.30). */
const security = { required: asMember, optional: [{}, ...asMember], ignored: [] } as const;

function operation(route: Route): object {
  const { method, path, summary, bearer } = route;
  const operationId = `${method.toLowerCase()}${path.replaceAll(/[^\w]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`;
  return {
    operationId,
    summary,
    tags: [path.split('/')[1]],
    security: security[bearer],
    ...parameters(route),
    ...(hasBody(route) && { requestBody: requestBody(route) }),
    responses: { ...success(route), ...refusals(route) },
  };
}

function parameters(route: Route): { parameters?: object[] } {
  const inPath = pathParameters(route.path);
  const all = Object.entries(spreadProfile(route.input.entries)).map(([name, schema]) => {
    const wireName = toWireName(name);
    const isInPath = inPath.includes(wireName);
    return {
      name: wireName,
      in: isInPath ? 'path' : 'query',
      required: isInPath || !('wrapped' in schema),
      schema: wireJsonSchema(schema),
    };
  });
  const sent = hasBody(route) ? all.filter((parameter) => parameter.in === 'path') : all;
  return sent.length > 0 ? { parameters: sent } : {};
}

function requestBody(route: Route): object {
  const inPath = pathParameters(route.path);
  const entries = Object.entries(spreadProfile(route.input.entries)).filter(
    ([name]) => !inPath.includes(toWireName(name)),
  );
  const schema: InputSchema = { ...route.input, entries: Object.fromEntries(entries) };
  const mediaType = route.style === 'oauth' ? 'application/x-www-form-urlencoded' : 'application/json';
  return { required: true, content: { [mediaType]: { schema: wireJsonSchema(schema) } } };
}

function success(route: Route): Record<string, object> {
  if (answersNothing(route)) return { [route.status]: { description: 'Done' } };
  const page = pageItem(route.output);
  const { item = page } = route.output as { readonly item?: v.GenericSchema };
  const schema = item ? { type: 'array', items: reference(item) } : reference(route.output);
  const headers = page && { Link: { description: 'rel="next" (RFC 8288)', schema: { type: 'string' } } };
  return {
    [route.status]: { description: 'OK', ...(headers && { headers }), content: { 'application/json': { schema } } },
  };
}

function reference(schema: v.GenericSchema): object {
  const name = components.get(schema);
  return name ? { $ref: `#/components/schemas/${name}` } : wireJsonSchema(schema);
}

/** The refusals of a route by status: those that it declares, and those that follow from its declaration. */
function refusals(route: Route): Record<string, object> {
  const content = { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } };
  if (route.style === 'oauth') return oauthRefusals(route, content);
  return Object.fromEntries([...titlesOf(route)].map(([status, description]) => [status, { description, content }]));
}

/** The titles of a route's refusals, by status. */
function titlesOf(route: Route): ReadonlyMap<number, string> {
  const titles = new Map<number, Set<string>>();
  for (const code of refusalCodes(route)) {
    const { status, title } = problemTypes[code];
    titles.set(status, (titles.get(status) ?? new Set()).add(title));
  }
  return new Map([...titles].map(([status, named]) => [status, [...named].join(' · ')]));
}

/**
 * An invalid form is refused as OAuth defines it. An invalid bearer token, where one is required, is refused as on
 * other routes.
 */
function oauthRefusals(route: Route, asProblem: object): Record<string, object> {
  const asOAuthError = { 'application/json': { schema: { $ref: '#/components/schemas/OAuthError' } } };
  const ofForm = [400, 401, 403, 413, 415, ...(route.errors.includes('rate_limited') ? [429] : []), 503].map(
    (status) => [status, asOAuthError],
  );
  const ofBearer = [
    [401, asProblem],
    [403, asProblem],
    [503, { ...asProblem, ...asOAuthError }],
  ];
  const refused = new Map([...ofForm, ...(route.bearer === 'required' ? ofBearer : [])] as [number, object][]);
  const titles = titlesOf(route);
  return Object.fromEntries(
    [...refused].map(([status, content]) => [status, { description: titles.get(status) ?? 'Refused', content }]),
  );
}

function refusalCodes(route: Route): readonly ProblemCode[] {
  const isMember: (code: string) => boolean = (code) => (memberRefusals as readonly string[]).includes(code);
  const takesInput = Object.keys(route.input.entries).length > 0;
  const ofUseCase = [...refusalsOf({ caller: route.who, errors: route.errors })].filter((code) => {
    // A route that ignores the bearer token, or treats it as optional, does not refuse it.
    if (isMember(code) && !route.errors.includes(code)) return route.bearer === 'required';
    return code !== 'validation_failed' || takesInput;
  });
  return [
    ...ofUseCase,
    ...(hasBody(route) ? (['malformed_request', 'payload_too_large', 'unsupported_media_type'] as const) : []),
  ];
}
