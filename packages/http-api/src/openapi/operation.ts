import { type InputSchema, memberRefusals, refusalsOf } from '@sallyport/core';
import * as v from 'valibot';
import { problemMediaType } from '../problems/problem.ts';
import type { ProblemTypes } from '../problems/problem-types.ts';
import { answersNothing, hasBody, pageItem, pathParameters, type Route } from '../routes/route.ts';
import { toWireName } from '../wire/names.ts';
import { wireJsonSchema } from './json-schema.ts';
import { spreadProfile } from './profile-schema.ts';

const asMember = [{ password: [] }, { bearer: [] }];

/** An empty requirement means that the request is also accepted without a token (OpenAPI 3.1, section 4.8.30). */
const security = { required: asMember, optional: [{}, ...asMember], ignored: [] } as const;

/** What the document says of a route. */
export function operation(route: Route, types: ProblemTypes): object {
  const { method, path, summary, bearer } = route;
  const operationId = `${method.toLowerCase()}${path.replaceAll(/[^\w]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`;
  return {
    operationId,
    summary,
    tags: [path.split('/')[1]],
    security: security[bearer],
    ...parameters(route),
    ...(hasBody(route) && { requestBody: requestBody(route) }),
    responses: { ...success(route), ...refusals(route, types) },
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
  const content = { schema: wireJsonSchema(schema) };
  const forms = { 'application/x-www-form-urlencoded': content, 'multipart/form-data': content };
  return { required: true, content: route.style === 'oauth' ? forms : { 'application/json': content } };
}

function success(route: Route): Record<string, object> {
  if (answersNothing(route)) return { [route.status]: { description: 'Done' } };
  const view = shownView(route.output);
  const schema = view === route.output ? reference(view) : { type: 'array', items: reference(view) };
  const headers = pageItem(route.output) && {
    Link: { description: 'rel="next" (RFC 8288)', schema: { type: 'string' } },
  };
  return {
    [route.status]: { description: 'OK', ...(headers && { headers }), content: { 'application/json': { schema } } },
  };
}

/** The schema of what an output shows, or of one of several. */
export function shownView(output: v.GenericSchema): v.GenericSchema {
  const { item } = output as { readonly item?: v.GenericSchema };
  return pageItem(output) ?? item ?? output;
}

/** A view by its title, if it has one. */
function reference(schema: v.GenericSchema): object {
  const name = v.getTitle(schema);
  return name !== undefined ? { $ref: `#/components/schemas/${name}` } : wireJsonSchema(schema);
}

/** The refusals of a route by status: those that it declares, and those that follow from its declaration. */
function refusals(route: Route, types: ProblemTypes): Record<string, object> {
  const content = { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } };
  if (route.style === 'oauth') return oauthRefusals(route, types, content);
  return Object.fromEntries(
    [...titlesOf(route, types)].map(([status, description]) => [status, { description, content }]),
  );
}

/** The titles of a route's refusals, by status. */
function titlesOf(route: Route, types: ProblemTypes): ReadonlyMap<number, string> {
  const titles = new Map<number, Set<string>>();
  for (const code of refusalCodes(route)) {
    const type = types[code];
    if (!type)
      throw new Error(`The route ${route.method} ${route.path} refuses with ${code}, which has no problem type`);
    const { status, title } = type;
    titles.set(status, (titles.get(status) ?? new Set()).add(title));
  }
  return new Map([...titles].map(([status, named]) => [status, [...named].join(' · ')]));
}

/**
 * An invalid form is refused as OAuth defines it. An invalid bearer token, where one is required, is refused as on
 * other routes.
 */
function oauthRefusals(route: Route, types: ProblemTypes, asProblem: object): Record<string, object> {
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
  const titles = titlesOf(route, types);
  return Object.fromEntries(
    [...refused].map(([status, content]) => [status, { description: titles.get(status) ?? 'Refused', content }]),
  );
}

function refusalCodes(route: Route): readonly string[] {
  const isMember: (code: string) => boolean = (code) => (memberRefusals as readonly string[]).includes(code);
  const takesInput = Object.keys(route.input.entries).length > 0;
  const ofUseCase = [...refusalsOf({ caller: route.who, errors: route.errors })].filter((code) => {
    // A route that ignores the bearer token, or treats it as optional, does not refuse it.
    if (isMember(code) && !route.errors.includes(code)) return route.bearer === 'required';
    return code !== 'validation_failed' || takesInput;
  });
  return [
    ...ofUseCase,
    ...(hasBody(route) ? ['malformed_request', 'payload_too_large', 'unsupported_media_type'] : []),
  ];
}
