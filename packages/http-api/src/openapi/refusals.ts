import { memberRefusals, refusalsOf } from '@sallyport/core';
import { oauthErrors } from '../oauth/errors.ts';
import { problemMediaType } from '../problems/problem.ts';
import type { ProblemType, ProblemTypes } from '../problems/problem-types.ts';
import { hasBody, type Route } from '../routes/route.ts';
import { type Reference, reference } from './schemas.ts';

const asProblem = { [problemMediaType]: { schema: reference('Problem') } };
const asOAuthError = { 'application/json': { schema: reference('OAuthError') } };

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
const retryAfter = { 'Retry-After': header('RetryAfter') };

/** Headers of answers that refuse. */
export const refusalHeaders = {
  RetryAfter: {
    description: 'Seconds after which to try again (RFC 9110, section 10.2.3).',
    schema: { type: 'integer', minimum: 1 },
  },
  Challenge: {
    description: 'Present if a valid access token would help (RFC 6750, section 3).',
    schema: { type: 'string', examples: ['Bearer error="invalid_token"'] },
  },
};

/** The answers that refuse, as components. The names are those of generated clients. */
const refusalResponses = {
  BadRequest: { description: 'The request cannot be served as it is.', content: asProblem },
  Unauthorized: {
    description: 'Credentials are missing or invalid.',
    headers: { 'WWW-Authenticate': header('Challenge') },
    content: asProblem,
  },
  Forbidden: { description: 'The caller may not do this.', content: asProblem },
  NotFound: { description: 'There is no such record, or the caller may not see it.', content: asProblem },
  Conflict: { description: 'The state of the record does not allow this.', content: asProblem },
  PayloadTooLarge: { description: 'The body is larger than 1 MiB.', content: asProblem },
  UnsupportedMediaType: { description: 'The body has another media type.', content: asProblem },
  InvalidInput: { description: 'Fields are missing or invalid: `errors` lists each.', content: asProblem },
  TooManyRequests: { description: 'A limit is used up.', headers: retryAfter, content: asProblem },
  Unavailable: { description: 'The server cannot answer for now.', headers: retryAfter, content: asProblem },
  OAuthRefused: { description: 'The request is refused as OAuth 2.0 defines it.', content: asOAuthError },
  OAuthUnavailable: {
    description: 'The server cannot answer for now.',
    headers: retryAfter,
    content: { ...asProblem, ...asOAuthError },
  },
} as const;

type ResponseName = keyof typeof refusalResponses;

const nameOfStatus: Readonly<Record<number, ResponseName>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  422: 'InvalidInput',
  429: 'TooManyRequests',
  503: 'Unavailable',
};

/** The components of answers that refuse, as far as something refers to them. */
export function usedRefusals(text: string): object {
  return Object.fromEntries(
    Object.entries(refusalResponses).filter(([name]) => text.includes(`"#/components/responses/${name}"`)),
  );
}

/** The problem, and the types that it can have under these modules. */
export function refusalSchemas(types: ProblemTypes): object {
  const uris = Object.entries(types).map(([code, { uri = code }]) => `urn:sallyport:problem:${uri}`);
  return {
    ProblemType: { type: 'string', description: 'What went wrong, for programs.', enum: [...new Set(uris)] },
    Problem: {
      type: 'object',
      description: 'Why a request was refused (RFC 9457).',
      properties: {
        type: reference('ProblemType'),
        title: { type: 'string', description: 'The type in words.' },
        status: { type: 'integer', description: 'The status of the answer.' },
        detail: { type: 'string', description: 'A sentence that a user may read.' },
        instance: { type: 'string', description: 'The id of the request.' },
        errors: {
          type: 'array',
          description: 'With an invalid input: each field, by a JSON pointer (RFC 6901), and what is wrong with it.',
          items: reference('InvalidField'),
        },
      },
      required: ['type', 'title', 'status', 'detail', 'instance'],
      examples: [
        {
          type: 'urn:sallyport:problem:validation_failed',
          title: 'Invalid input',
          status: 422,
          detail: 'password: Must be at least 8 characters',
          instance: '0199f2a4-7a52-7c11-9d0a-5f3c1e2b4a60',
          errors: [{ pointer: '/password', detail: 'Must be at least 8 characters' }],
        },
      ],
    },
    InvalidField: {
      type: 'object',
      description: 'A field that is missing or invalid.',
      properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      required: ['pointer', 'detail'],
    },
    OAuthError: {
      type: 'object',
      description: 'Why an OAuth endpoint refused a request (RFC 6749, section 5.2).',
      properties: {
        error: reference('OAuthErrorCode'),
        error_description: { type: 'string' },
        detail: { type: 'string', description: 'The same as `error_description`.' },
      },
      required: ['error', 'error_description', 'detail'],
    },
    OAuthErrorCode: { type: 'string', enum: oauthErrors },
  };
}

/**
 * The refusals of a route by status, those that it declares and those that follow from its declaration. Each refers to
 * a response that routes share, and names the problem types that it has on this route.
 */
export function refusals(route: Route, types: ProblemTypes): Readonly<Record<string, Reference>> {
  const described = descriptionsOf(route, types);
  const shared = route.style === 'oauth' ? oauthStatuses(route) : [...described.keys()].map(inGeneral);
  return Object.fromEntries(
    shared.map(([status, name]) => {
      const description = described.get(status);
      return [status, { $ref: `#/components/responses/${name}`, ...(description !== undefined && { description }) }];
    }),
  );
}

function inGeneral(status: number): [number, ResponseName] {
  const name = nameOfStatus[status];
  if (!name) throw new Error(`The OpenAPI document has no response for status ${status}`);
  return [status, name];
}

/**
 * An invalid form is refused as OAuth defines it. An invalid bearer token, where one is required, is refused as on
 * other routes.
 */
function oauthStatuses({ errors, bearer }: Route): readonly [number, ResponseName][] {
  const ofForm = [400, 401, 403, 413, 415, ...(errors.includes('rate_limited') ? [429] : []), 503];
  const refused = new Map<number, ResponseName>(ofForm.map((status) => [status, 'OAuthRefused']));
  if (bearer === 'required') {
    refused.set(401, 'Unauthorized').set(403, 'Forbidden').set(503, 'OAuthUnavailable');
  }
  return [...refused];
}

/** The titles and codes of a route's refusals, by status. */
function descriptionsOf(route: Route, types: ProblemTypes): ReadonlyMap<number, string> {
  const named = new Map<number, readonly string[]>();
  for (const code of refusalCodes(route)) {
    const type = types[code];
    if (!type)
      throw new Error(`The route ${route.method} ${route.path} refuses with ${code}, which has no problem type`);
    named.set(type.status, [...(named.get(type.status) ?? []), describe(code, type)]);
  }
  return new Map([...named].map(([status, all]) => [status, all.join(' · ')]));
}

const describe = (code: string, { title, uri = code }: ProblemType) => `${title} (\`${uri}\`)`;

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
