import * as v from 'valibot';

/**
 * Schemas of options. A host without a compiler may have misspelt an option, or passed a value that would open what it
 * meant to close. Each message completes a sentence that begins with `The option "limits.login"`.
 */

/** A schema for each option. A forgotten or misspelt one does not compile. */
type SchemasOf<Whole> = { readonly [Name in keyof Whole]-?: v.GenericSchema<unknown, Whole[Name] | undefined> };

/** Whether this is an object with named members: a literal, an object of a class, or a module that was imported. */
const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && /Object|Module/.test(Object.prototype.toString.call(value));

/** An object, whatever its members. */
export const anObject = v.custom<object>(isRecord, 'must be an object');

/**
 * An object with these options and no others.
 *
 * @param alternative what the host may pass instead, for the message
 */
export function exactly<Whole extends object>(
  entries: SchemasOf<Whole>,
  alternative?: string,
): v.GenericSchema<unknown, Whole> {
  const object =
    alternative === undefined ? anObject : v.custom<object>(isRecord, `must be ${alternative} or an object`);
  const names = Object.keys(entries).join(', ');
  const misnamed: v.ErrorMessage<v.StrictObjectIssue> = ({ expected }) =>
    expected === 'never' ? `is none of ${names}` : 'is missing';
  return v.pipe(object, v.strictObject(entries, misnamed)) as v.GenericSchema<unknown, unknown> as never;
}

/** An object whose names are chosen freely, or pass this check, and whose values have this schema. */
export function tableOf<Value>(
  value: v.GenericSchema<unknown, Value>,
  isName: (name: string) => boolean = () => true,
  misnamed = '',
): v.GenericSchema<unknown, Readonly<Record<string, Value>>> {
  // `record` would skip names such as "constructor".
  return v.lazy((table) => {
    if (!isRecord(table)) return anObject;
    const names = Object.keys(table).filter(isName);
    return v.strictObject(Object.fromEntries(names.map((name) => [name, value])), misnamed);
  }) as v.GenericSchema<unknown, unknown> as never;
}

export const listOf = <Item>(item: v.GenericSchema<unknown, Item>) => v.array(item, 'must be a list');

/** One of these values. A forgotten or misspelt one does not compile. */
export function oneOf<Value extends string>(values: Readonly<Record<Value, 0>>): v.GenericSchema<unknown, Value> {
  const names = Object.keys(values) as Value[];
  return v.picklist(names, `must be ${names.map((name) => `"${name}"`).join(' or ')}`);
}

export const text = v.string('must be a string');

export const flag = v.boolean('must be true or false');

/** A function of any signature, which cannot be checked. */
export const aFunction = v.custom<never>((value) => typeof value === 'function', 'must be a function');

/** A value of any kind, which is checked where it is used. */
export const anything = v.optional(v.custom<never>(() => true));

const wholeNumber = (max: number, unit: string) =>
  v.custom<number>(
    (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max,
    `must be a whole number of ${unit} from 1 to ${max}`,
  );

/** A number of seconds, of at most a hundred years: every store can add that to a date. */
export const seconds = wholeNumber(100 * 365 * 24 * 60 * 60, 'seconds');

export const attempts = wholeNumber(1e9, 'attempts');

/** A schema of valibot, of this type if one is given. */
export const valibotSchema = (type?: string) =>
  v.custom<never>((value) => isSchema(value, type), `must be a schema of valibot${type ? ` for an ${type}` : ''}`);

/** Whether this is a schema of valibot, of this type if one is given. */
export function isSchema(value: unknown, type?: string): boolean {
  const { kind, type: actual } = Object(value) as Partial<v.GenericSchema>;
  return kind === 'schema' && (type === undefined || actual === type);
}

/**
 * Reads options by their schema.
 *
 * @param path of the options in those of the host
 * @throws Error that names an option that cannot be used, and states what is allowed
 */
export function readOptions<Whole>(
  schema: v.GenericSchema<unknown, Whole>,
  options: unknown,
  path: readonly string[] = [],
  owner = '',
): Whole {
  const result = v.safeParse(schema, options);
  if (result.success) return result.output;
  // A misspelt option is also a missing one, and its own name says more.
  const issue = result.issues.find(({ expected }) => expected === 'never') ?? result.issues[0];
  const names = [...path, ...(issue.path ?? []).map(({ key }) => String(key))];
  const named = names.length > 0 ? `The option "${names.join('.')}"` : 'The options';
  throw new Error(`${named}${owner} ${issue.message}`);
}
