import type { InputSchema, ValidationIssue } from '@sallyport/core';
import type * as v from 'valibot';

/** The core uses camelCase, the wire snake_case. Only this file translates. */
export function toWireName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The field of an account whose own fields are next to it on the wire. */
export const spreadField = 'profile';

/** A JSON pointer (RFC 6901) to the field of an issue, in the names of the wire. */
export function toPointer({ path }: ValidationIssue): string {
  const shown = path[0] === spreadField ? path.slice(1) : path;
  return shown.map((key) => `/${toWireName(String(key)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The parts of a request that an input is read from. */
export interface WireInput {
  /** The parameters of the path, by their names in its template. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * The input of a use case, read from a request. A parameter of the path comes only from the path. The other fields come
 * from the body if there is one, otherwise from the query. Fields that are not in the schema are dropped.
 */
export function fromWire(schema: InputSchema, { path, query, body }: WireInput): Record<string, unknown> {
  const rest = body === undefined ? query : (body as Readonly<Record<string, unknown>>);
  const input: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(schema.entries)) {
    const wireName = toWireName(name);
    const { entries } = bare(entry);
    if (name === spreadField && entries) input[name] = fromWire({ ...schema, entries }, { path, query, body });
    else if (Object.hasOwn(path, wireName)) input[name] = fromText(entry, path[wireName]);
    else if (Object.hasOwn(rest, wireName)) {
      input[name] = body === undefined ? fromText(entry, rest[wireName]) : rest[wireName];
    }
  }
  return input;
}

/** The text of a path or query as the number or boolean that its schema asks for. Any other text stays as it is. */
function fromText(schema: v.GenericSchema, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  switch (bare(schema).type) {
    case 'number':
      return /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    default:
      return text;
  }
}

/** A view on the wire. Its schema decides what is written: a field that it does not name is left out. */
export function toWire(schema: v.GenericSchema, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  const { type, entries, item } = bare(schema);
  if (type === 'array' && item) return (value as unknown[]).map((element) => toWire(item, element));
  if (type === 'record') {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [toWireName(name), field]));
  }
  if (type === 'date') return (value as Date).toISOString();
  if (type === 'object' && entries) {
    const view = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(entries).flatMap(([name, entry]) => {
        const field = toWire(entry, view[name]);
        return name === spreadField ? Object.entries(field as object) : [[toWireName(name), field]];
      }),
    );
  }
  return value;
}

interface BareSchema {
  readonly type: string;
  readonly entries?: v.ObjectEntries;
  readonly item?: v.GenericSchema;
}

/** A schema without its optional wrappers. */
export function bare(schema: v.GenericSchema): BareSchema {
  return 'wrapped' in schema ? bare(schema.wrapped as v.GenericSchema) : schema;
}
