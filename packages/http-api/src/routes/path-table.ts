import type { ApiRequest, ApiResponse } from '../messages.ts';

/** The values of the parameters of a path, by their names in the template. */
export type PathParameters = Readonly<Record<string, string>>;

/** What answers one method of one path. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** A path, or a template as OpenAPI writes it: `/users/{id}`. A parameter is one whole segment. */
  readonly path: string;
  /** The statuses of its answers, errors of the server aside, if the OpenAPI document leaves it out; 200 if absent. */
  readonly statuses?: readonly number[] | undefined;
  answer(request: ApiRequest, parameters: PathParameters): Promise<ApiResponse> | ApiResponse;
}

/** A path that has endpoints. */
export interface Place {
  /** Its methods, with HEAD wherever there is GET. */
  readonly allowed: readonly string[];
  /** The endpoint of a method; HEAD has that of GET. */
  endpointFor(method: string): Endpoint | undefined;
}

/**
 * Finds the place of a path. Each path has one spelling: it is compared as sent, letter by letter. A literal path takes
 * precedence over a template, whatever the method: `/users/me` never matches `/users/{id}`.
 *
 * @throws Error when two endpoints have the same method and path
 */
export function pathTable(endpoints: readonly Endpoint[]): (path: string) => Place | undefined {
  const shapes = [...new Set(endpoints.map(({ path }) => shapeOf(path)))];
  const places = shapes.map(
    (shape) => [shape, placeOf(endpoints.filter(({ path }) => shapeOf(path) === shape))] as const,
  );
  const literals = new Map(places.filter(([shape]) => !shape.includes('{}')));
  const templates = places.flatMap(([shape, place]) =>
    shape.includes('{}') ? [{ parts: shape.split('/'), place }] : [],
  );
  return (path) => {
    const literal = literals.get(path);
    if (literal) return literal;
    const segments = path.split('/');
    return templates.find(({ parts }) => matches(parts, segments))?.place;
  };
}

/** The parameters that this template names in a path that it matches, decoded. */
export function parametersOf(template: string, path: string): PathParameters {
  if (!template.includes('{')) return {};
  const segments = path.split('/');
  const named = template.split('/').flatMap((part, index) => {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    return name === undefined ? [] : [[name, decoded(segments[index] ?? '')] as const];
  });
  return Object.fromEntries(named);
}

/** A template without the names of its parameters. */
function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}');
}

function matches(parts: readonly string[], segments: readonly string[]): boolean {
  return (
    parts.length === segments.length &&
    parts.every((part, index) => (part === '{}' ? segments[index] !== '' : part === segments[index]))
  );
}

function placeOf(endpoints: readonly Endpoint[]): Place {
  const byMethod = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const { method, path } = endpoint;
    if (byMethod.has(method)) throw new Error(`Two routes answer ${method} ${path}`);
    if (method === 'GET') byMethod.set('HEAD', endpoint);
    byMethod.set(method, endpoint);
  }
  return { allowed: [...byMethod.keys()], endpointFor: (method) => byMethod.get(method) };
}

/** A segment with its percent-encoding undone, or as it is if that is malformed. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
