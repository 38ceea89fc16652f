import type { ValidationIssue } from '@sallyport/core';
import type * as v from 'valibot';

/** The core uses camelCase, the wire snake_case. Only the files of this folder translate. */
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

interface BareSchema {
  readonly type: string;
  readonly entries?: v.ObjectEntries;
  readonly item?: v.GenericSchema;
}

/** A schema without its optional wrappers. */
export function bare(schema: v.GenericSchema): BareSchema {
  return 'wrapped' in schema ? bare(schema.wrapped as v.GenericSchema) : schema;
}
