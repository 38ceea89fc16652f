import type { Route } from '@sallyport/http-api';
import { mismatches, resolve, type Schema } from './json-schema.ts';
import { openApiDocument, policy } from './server-routes.ts';
import type { Answer } from './start-server.ts';

/** The OpenAPI document as a client reads it. */
export const document: Schema = JSON.parse(JSON.stringify(openApiDocument(policy)));

/** What the document says of a route, with the components that it refers to in place of the references. */
export function operationOf({ method, path }: Pick<Route, 'method' | 'path'>): Schema {
  const operation: Schema = document['paths'][path][method.toLowerCase()];
  const known = dereferencedOperations.get(operation) ?? dereferenced(operation);
  dereferencedOperations.set(operation, known);
  return known;
}

const dereferencedOperations = new Map<Schema, Schema>();

/** The part with what its references point to. What is beside a reference takes precedence (OpenAPI 3.1, section 4.8.23). */
function dereferenced(part: any): any {
  if (Array.isArray(part)) return part.map(dereferenced);
  if (typeof part !== 'object' || part === null) return part;
  const { $ref, ...own } = part;
  const all = $ref === undefined ? own : { ...resolve(document, $ref), ...own };
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, dereferenced(one)]));
}

/** What of an answer the document does not promise of this route. */
export function unpromised(
  route: Pick<Route, 'method' | 'path'>,
  { status, headers, body }: Answer,
): readonly string[] {
  const promised: Schema | undefined = operationOf(route)['responses'][status];
  if (!promised) return [`${status} is not there`];
  const undocumented = headers.has('Link') && !promised['headers']?.Link ? ['a Link is not there'] : [];
  if (!promised['content']) return body === '' ? undocumented : [...undocumented, `${status} has no body`];
  const mediaType = headers.get('Content-Type')?.split(';')[0] ?? '';
  const schema: Schema | undefined = promised['content'][mediaType]?.schema;
  return [...undocumented, ...(schema ? mismatches(body, schema, document) : [`${mediaType} is not there`])];
}
