import type * as v from 'valibot';
import { bare, spreadField, toWireName } from './names.ts';

type Write = (value: unknown) => unknown;

/** A function that writes a view. The schema decides what is written: a field that it does not name is left out. */
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
  return type === 'object' && entries ? objectWriter(entries) : (value) => value;
}

function objectWriter(entries: v.ObjectEntries): Write {
  const fields = Object.entries(entries).map(([name, entry]) => {
    const [wireName, write] = [toWireName(name), outputWriter(entry)];
    return (view: Record<string, unknown>, written: Record<string, unknown>) => {
      const field = write(view[name]);
      if (name === spreadField) Object.assign(written, field);
      else written[wireName] = field;
    };
  });
  return (value) => {
    const written: Record<string, unknown> = {};
    for (const write of fields) write(value as Record<string, unknown>, written);
    return written;
  };
}
