import type * as v from 'valibot';
import { bare, spreadField, toWireName } from './names.ts';

type Write = (value: unknown) => unknown;

/** Objects, of which only the fields that the schema names are written. */
const objects = ['object', 'strict_object', 'loose_object'];

/** Schemas that may hide a field which no view names. A view of such a type cannot be written field by field. */
const compound = ['union', 'variant', 'intersect', 'lazy', 'tuple', 'map', 'set', 'any', 'unknown'];

/**
 * A function that writes a view. The schema decides what is written: a field that it does not name is left out.
 *
 * @throws Error when a schema does not name its fields
 */
export function outputWriter(schema: v.GenericSchema): Write {
  const write = presentWriter(schema);
  return (value) => (value === undefined || value === null ? value : write(value));
}

function presentWriter(schema: v.GenericSchema): Write {
  const { type, entries, item } = bare(schema);
  if (type === 'array' && item) {
    const writeItem = outputWriter(item);
    return (value) => (value as unknown[]).map(writeItem);
  }
  if (type === 'record') {
    return (value) =>
      Object.fromEntries(Object.entries(value as object).map(([name, field]) => [toWireName(name), field as unknown]));
  }
  if (type === 'date') return (value) => (value as Date).toISOString();
  if (objects.includes(type) && entries) return objectWriter(entries);
  if (compound.includes(type)) throw new Error(`A view cannot be written by a schema of the type ${type}`);
  return (value) => value;
}

function objectWriter(entries: v.ObjectEntries): Write {
  const fields = Object.entries(entries).map(([name, entry]) => {
    if (name === spreadField) return spreadProfile;
    const [wireName, write] = [toWireName(name), outputWriter(entry)];
    return (view: Record<string, unknown>, written: Record<string, unknown>) => {
      written[wireName] = write(view[name]);
    };
  });
  return (value) => {
    const written: Record<string, unknown> = {};
    for (const write of fields) write(value as Record<string, unknown>, written);
    return written;
  };
}

/** Writes the fields of a profile next to the others. Their values are JSON as the host defines it. */
function spreadProfile({ [spreadField]: profile }: Record<string, unknown>, written: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(profile ?? {})) written[toWireName(name)] = value;
}
