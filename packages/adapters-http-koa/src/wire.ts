import type { InputSchema, ValidationIssue } from '@sallyport/core';
import type * as v from 'valibot';

/** The core speaks camelCase, the wire snake_case; this file alone translates. */
export function toWireName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The field of an account whose own fields stand beside it on the wire. */
export const spreadField = 'profile';

/** A JSON pointer (RFC 6901) to what an issue is about, in the names of the wire. */
export function toPointer({ path }: ValidationIssue): string {
  const shown = path[0] === spreadField ? path.slice(1) : path;
  return shown.map((key) => `/${toWireName(String(key)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Where the parts of an input stand in a request. */
export interface WireInput {
  /** Text of the path, by the names of its template. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * The input of a use case, taken out of a request. What the path names comes from the path alone; the
 * rest comes from the body where there is one and from the query where there is none. Fields that the
 * schema does not know are left behind.
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

/** Text of a path or query as the number or boolean that its schema asks for; anything else as it came. */
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

/** What a view looks like on the wire. Its schema decides what is written: a field it does not name stays in. */
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

/** A schema without what makes it optional. */
export function bare(schema: v.GenericSchema): BareSchema {
  return 'wrapped' in schema ? bare(schema.wrapped as v.GenericSchema) : schema;
}
