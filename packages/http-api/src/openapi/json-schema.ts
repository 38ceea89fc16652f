import { type ConversionConfig, type JsonSchema, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { toWireName } from '../wire/names.ts';

/** Rules that JSON Schema cannot express. They are listed by name, so that a new one is noticed. */
const ignoreActions = ['trim', 'to_lower_case', 'normalize', 'check', 'brand', 'to_date'];

const config: ConversionConfig = {
  target: 'draft-2020-12',
  ignoreActions,
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  overrideSchema: ({ valibotSchema }) =>
    valibotSchema.type === 'date' ? { type: 'string', format: 'date-time' } : undefined,
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
  const { $schema: _, ...converted } = toJsonSchema(schema, config);
  return inWireNames(converted);
}

/** The same for schemas that have names. Where one contains another, it refers to the component of that name. */
export function wireJsonSchemas(schemas: Readonly<Record<string, v.GenericSchema>>): Record<string, JsonSchema> {
  const converted = Object.entries(toJsonSchemaDefs(schemas, config));
  return Object.fromEntries(converted.map(([name, schema]) => [name, inWireNames(schema)]));
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
    ...(anyOf && { anyOf: anyOf.map(inWireNamesIfObject) }),
  };
}

function inWireNamesIfObject(schema: JsonSchema | boolean): JsonSchema | boolean {
  return typeof schema === 'boolean' ? schema : inWireNames(schema);
}
