import type { ProblemTypes } from '../problems/problem-types.ts';
import { pageItem, type Route } from '../routes/route.ts';
import type { SharedParameters } from './parameters.ts';
import { refusals } from './refusals.ts';
import type { NamedSchemas } from './schemas.ts';
import { tagOf } from './tag.ts';

/** What the operations of a document share. */
export interface Shared {
  readonly schemas: NamedSchemas;
  readonly parameters: SharedParameters;
  readonly types: ProblemTypes;
}

const asMember = [{ password: [] }, { bearer: [] }];

/** An empty requirement means that the request is also accepted without a token (OpenAPI 3.1, section 4.8.30). */
const security = { required: asMember, optional: [{}, ...asMember], ignored: [] } as const;

/** The link to the next page, as a component. */
export const linkHeader = {
  description: 'The next page, if there is one: `<…?after=…>; rel="next"` (RFC 8288).',
  schema: { type: 'string' },
};

/** What the document says of a route. */
export function operation(route: Route, { schemas, parameters, types }: Shared): object {
  const { operationId, summary, description, bearer } = route;
  const sent = parameters.of(route);
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tagOf(route)],
    security: security[bearer],
    ...(sent.length > 0 && { parameters: sent }),
    ...requestBody(route, schemas),
    responses: { [route.status]: success(route, schemas), ...refusals(route, types) },
  };
}

function requestBody(route: Route, schemas: NamedSchemas): { readonly requestBody?: object } {
  const schema = schemas.requestOf(route);
  if (!schema) return {};
  const forms = { 'application/x-www-form-urlencoded': { schema }, 'multipart/form-data': { schema } };
  return {
    requestBody: { required: true, content: route.style === 'oauth' ? forms : { 'application/json': { schema } } },
  };
}

function success(route: Route, schemas: NamedSchemas): object {
  const schema = schemas.responseOf(route);
  if (!schema) return { description: 'Done.' };
  const headers = pageItem(route.output) && { Link: { $ref: '#/components/headers/NextPage' } };
  return { description: 'The result.', ...(headers && { headers }), content: { 'application/json': { schema } } };
}
