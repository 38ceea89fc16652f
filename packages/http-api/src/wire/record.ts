import type { InputSchema } from '@sallyport/core';
import type * as v from 'valibot';
import { inputReader } from './input.ts';
import { bare, spreadField, toWireName } from './names.ts';

/** A record in the core's names, and the fields that it has beyond its schema. */
export interface WireRecord {
  readonly record: Record<string, unknown>;
  readonly unknown: readonly string[];
}

/** A function that reads a record of an import, which is JSON in the names of the wire. */
export function recordReader(schema: Pick<InputSchema, 'entries'>): (fields: object) => WireRecord {
  const read = inputReader(schema);
  const known = new Set(wireNames(schema.entries));
  return (fields) => ({
    record: read({ path: {}, query: {}, body: fields }),
    unknown: Object.keys(fields).filter((name) => !known.has(name)),
  });
}

/** The names of these fields on the wire, where those of a profile are next to the others. */
function wireNames(entries: v.ObjectEntries): readonly string[] {
  return Object.entries(entries).flatMap(([name, entry]) => {
    const { entries: nested } = bare(entry);
    return name === spreadField && nested ? wireNames(nested) : [toWireName(name)];
  });
}
