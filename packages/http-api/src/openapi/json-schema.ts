import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { toWireName } from '../wire/names.ts';

/** Rules that JSON Schema cannot express. They are listed by name, so that a new one is noticed. */
const ignoreActions = ['trim', 'to_lower_case', 'normalize', 'check', 'brand', 'to_date'];

const config: ConversionConfig = {
  target: 'draft-2020-12',
  ignoreActions,
  overrideSchema: ({ valibotSchema: { type } }) => {
    if (type === 'date') return { type: 'string', format: 'date-time' };
    // Any value: a reference to a definition would lead nowhere from within another schema.
    return type === 'lazy' ? {} : undefined;
  },
  // JSON Schema counts a string's length in code points too.
  overrideAction: ({ valibotAction, jsonSchema }) => {
    const { type, requirement } = valibotAction as { type: string; requirement?: number };
    if (type === 'min_code_points' && requirement !== undefined) return { ...jsonSchema, minLength: requirement };
    if (type === 'max_code_points' && requirement !== undefined) return { ...jsonSchema, maxLength: requirement };
    return undefined;
  },
};

/** A schema of the core as JSON Schema (draft 2020-12) in the names of the wire. */
export function wireJsonSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, $defs: __, ...converted } = toJsonSchema(schema, config);
  return inWireNames(converted);
}

function inWireNames(schema: JsonSchema): JsonSchema {
  const { properties, required, items, anyOf, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [toWireName(name), inWireNamesIfObject(property)]),
      ),
    }),
    ...(required && required.length > 0 && { required: required.map(toWireName) }),
    ...(items !== undefined && !Array.isArray(items) && { items: inWireNamesIfObject(items) }),
    ...(anyOf && nullableOrAny(anyOf.map(inWireNamesIfObject))),
  };
}

/** A value that may be null: its type says so, where it is a plain one, since generators of code give an `anyOf` a name. */
function nullableOrAny(options: (JsonSchema | boolean)[]): JsonSchema {
  const [schema, other] = options;
  const isPlain = typeof schema === 'object' && typeof schema.type === 'string' && schema.type !== 'object';
  const isNullable = options.length === 2 && typeof other === 'object' && other.type === 'null';
  if (!isPlain || !isNullable || schema.type === undefined || schema.enum) return { anyOf: options };
  return { ...schema, type: [schema.type as 'string', 'null'] };
}

function inWireNamesIfObject(schema: JsonSchema | boolean): JsonSchema | boolean {
  return typeof schema === 'boolean' ? schema : inWireNames(schema);
}
