/** A schema of the document. Nothing is known of its keywords but what `mismatches` reads. */
export type Schema = Readonly<Record<string, any>>;

/** Keywords that say nothing of what is valid, or what a test does not look into. */
const annotations = ['description', 'examples', 'default', 'title'];

type Check = (value: any, expected: any, root: Schema) => readonly string[];

const says = (holds: boolean, what: string): readonly string[] => (holds ? [] : [what]);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^@\s]+@[^@\s]+$/,
  password: /^/,
};

const checks: Readonly<Record<string, Check>> = {
  $ref: (value, pointer: string, root) => mismatches(value, resolve(root, pointer), root),
  type: (value, types: string | readonly string[]) =>
    says(
      [types].flat().some((type) => isOfType[type]?.(value)),
      `no ${String(types)}: ${JSON.stringify(value)}`,
    ),
  const: (value, expected) => says(value === expected, `not ${JSON.stringify(expected)}`),
  enum: (value, options: readonly unknown[]) => says(options.includes(value), `none of ${JSON.stringify(options)}`),
  minimum: (value, bound: number) => says(typeof value !== 'number' || value >= bound, `less than ${bound}`),
  maximum: (value, bound: number) => says(typeof value !== 'number' || value <= bound, `more than ${bound}`),
  minLength: (value, bound: number) => says(typeof value !== 'string' || [...value].length >= bound, 'too short'),
  maxLength: (value, bound: number) => says(typeof value !== 'string' || [...value].length <= bound, 'too long'),
  pattern: (value, pattern: string) =>
    says(typeof value !== 'string' || new RegExp(pattern, 'u').test(value), `not like ${pattern}`),
  format: (value, name: string) => says(typeof value !== 'string' || formats[name]!.test(value), `no ${name}`),
  anyOf: (value, options: readonly Schema[], root) =>
    says(
      options.some((option) => mismatches(value, option, root).length === 0),
      'none of its schemas',
    ),
  items: (value, item: Schema, root) =>
    Array.isArray(value) ? value.flatMap((element, at) => below(at, mismatches(element, item, root))) : [],
  required: (value, names: readonly string[]) =>
    names.flatMap((name) => says(!isObject(value) || name in value, `${name} is missing`)),
  // Stricter than JSON Schema: what the document does not name should not be answered.
  properties: (value, known: Readonly<Record<string, Schema>>, root) =>
    Object.entries(isObject(value) ? value : {}).flatMap(([name, field]) =>
      below(name, known[name] ? mismatches(field, known[name], root) : ['is not in the schema']),
    ),
  propertyNames: (value, schema: Schema, root) =>
    Object.keys(isObject(value) ? value : {}).flatMap((name) => below(name, mismatches(name, schema, root))),
  additionalProperties: (value, schema: Schema, root) =>
    Object.entries(isObject(value) ? value : {}).flatMap(([name, field]) =>
      below(name, mismatches(field, schema, root)),
    ),
};

const below = (key: string | number, problems: readonly string[]) => problems.map((problem) => `/${key} ${problem}`);

/** What is wrong with a value by its schema; a keyword that is not understood is wrong too. */
export function mismatches(value: unknown, schema: Schema, root: Schema): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, expected]) => {
    if (annotations.includes(keyword)) return [];
    return checks[keyword]?.(value, expected, root) ?? [`has an unknown keyword, ${keyword}`];
  });
}

/** What a local reference points to (RFC 6901). */
export function resolve(root: Schema, pointer: string): Schema {
  const [start, ...keys] = pointer.split('/');
  const found = keys.reduce<any>((part, key) => part?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], root);
  if (start !== '#' || found === undefined) throw new Error(`${pointer} leads nowhere`);
  return found;
}
