import { type InputSchema, SallyportError } from '@sallyport/core';
import type * as v from 'valibot';
import { bare, spreadField, toWireName } from './names.ts';

/** The parts of a request that an input is read from. */
export interface WireInput {
  /** The parameters of the path, by their names in its template. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

type Read = (input: Record<string, unknown>, from: WireInput) => void;

/**
 * A function that reads the input of a use case from a request. A parameter of the path comes only from the path. The
 * other fields come from the body if there is one, otherwise from the query. Fields that are not in the schema are
 * dropped.
 */
export function inputReader({ entries }: Pick<InputSchema, 'entries'>): (from: WireInput) => Record<string, unknown> {
  const fields = Object.entries(entries).map(([name, entry]) => fieldReader(name, entry));
  return (from) => {
    const input: Record<string, unknown> = {};
    for (const read of fields) read(input, from);
    return input;
  };
}

function fieldReader(name: string, entry: v.GenericSchema): Read {
  const { entries } = bare(entry);
  if (name === spreadField && entries) {
    const readAll = profileReader(entries);
    return (input, from) => (input[name] = readAll(from));
  }
  const wireName = toWireName(name);
  const [fromText, fromJson] = [textReader(entry), jsonReader(entry)];
  return (input, { path, query, body }) => {
    if (Object.hasOwn(path, wireName)) input[name] = fromText(path[wireName]);
    else if (body === undefined) {
      if (Object.hasOwn(query, wireName)) input[name] = fromText(once(name, query[wireName]));
    } else if (Object.hasOwn(body as object, wireName))
      input[name] = fromJson((body as Record<string, unknown>)[wireName]);
  };
}

/**
 * A parameter of the query, which is a list if it is repeated.
 *
 * @throws SallyportError `validation_failed`
 */
function once(name: string, parameter: unknown): unknown {
  if (!Array.isArray(parameter)) return parameter;
  throw new SallyportError('validation_failed', { issues: [{ path: [name], message: 'Must be given once' }] });
}

/** Reads the fields of a profile, which are next to the others. Their values are JSON as the host defines it. */
function profileReader(entries: v.ObjectEntries): (from: WireInput) => Record<string, unknown> {
  const fields = Object.entries(entries).map(([name, entry]) => [name, toWireName(name), textReader(entry)] as const);
  return ({ query, body }) => {
    const sent = (body ?? query) as Record<string, unknown>;
    const given = fields.filter(([, wireName]) => Object.hasOwn(sent, wireName));
    return Object.fromEntries(
      given.map(([name, wireName, fromText]) => [name, body === undefined ? fromText(sent[wireName]) : sent[wireName]]),
    );
  };
}

/** Reads a value of the body: the names of nested objects are those of the wire, too. */
function jsonReader(schema: v.GenericSchema): (value: unknown) => unknown {
  const { entries, item } = bare(schema);
  if (item) {
    const readItem = jsonReader(item);
    return (value) => (Array.isArray(value) ? value.map(readItem) : value);
  }
  if (!entries) return (value) => value;
  const readAll = inputReader({ entries });
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return (value) => (isObject(value) ? readAll({ path: {}, query: {}, body: value }) : value);
}

/** Reads the text of a path or query as the number or boolean that its schema asks for. Any other text stays as it is. */
function textReader(schema: v.GenericSchema): (text: unknown) => unknown {
  switch (bare(schema).type) {
    case 'number':
      return (text) => (typeof text === 'string' && /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text);
    case 'boolean':
      return (text) => (text === 'true' || text === 'false' ? text === 'true' : text);
    default:
      return (text) => text;
  }
}
