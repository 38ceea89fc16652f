import type { JsonSchema } from '@valibot/to-json-schema';

type Schemas = Readonly<Record<string, JsonSchema>>;

const moment = '2026-01-31T12:00:00.000Z';

/** The schema of an object or a list with an example of the whole, if each field that is required has one. */
export function withExample(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const example = exampleOf(schema, schemas);
  return example === undefined || schema.examples ? schema : { ...schema, examples: [example] };
}

/** A value that this schema allows, made of the examples in it; `undefined` if something required has none. */
function exampleOf(schema: JsonSchema, schemas: Schemas): JsonSchema['const'] {
  const { $ref, examples, anyOf, items, properties } = schema;
  if ($ref !== undefined) return exampleOf(schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}, schemas);
  const [first = schema.const ?? schema.default ?? schema.enum?.[0]] = (examples ?? []) as JsonSchema['const'][];
  if (first !== undefined) return first;
  if (anyOf) return exampleOf((anyOf[0] ?? {}) as JsonSchema, schemas);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'boolean':
      return true;
    case 'integer':
      return schema.minimum ?? 1;
    case 'string':
      return schema.format === 'date-time' ? moment : undefined;
    case 'array': {
      const item = exampleOf((items ?? {}) as JsonSchema, schemas);
      return item === undefined ? undefined : [item];
    }
    case 'object':
      return objectExample(properties ?? {}, schema.required ?? [], schemas);
    default:
      return undefined;
  }
}

function objectExample(
  properties: NonNullable<JsonSchema['properties']>,
  required: readonly string[],
  schemas: Schemas,
): JsonSchema['const'] {
  const fields = Object.entries(properties).map(
    ([name, property]) => [name, exampleOf(property as JsonSchema, schemas)] as const,
  );
  if (fields.some(([name, example]) => example === undefined && required.includes(name))) return undefined;
  return Object.fromEntries(fields.filter(([, example]) => example !== undefined)) as JsonSchema['const'];
}
