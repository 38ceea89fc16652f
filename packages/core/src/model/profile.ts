import * as v from 'valibot';
import { isAsynchronous } from './input.ts';
import { isStorableJson, type JsonValue, storableJson } from './json.ts';
import { anObject, anything, exactly, flag, listOf, oneOf, readOptions, valibotSchema } from './option-schemas.ts';

/** The host's own fields of an account, by name. */
export type ProfileDocument = { readonly [field: string]: JsonValue };

/** Who may read a field: the account's owner, admins, every member, or anyone. */
export type ProfileReader = 'self' | 'admins' | 'members' | 'public';

/** Who may write a field: the account's owner, or admins. */
export type ProfileWriter = 'self' | 'admins';

/** What a host declares of one field of the profile. */
export interface ProfileField {
  /** Checks the field. Its output is a JSON value of at most 32 levels, which the schema accepts again. */
  readonly schema: v.GenericSchema<unknown, JsonValue>;
  /**
   * The value for accounts without one, such as accounts that were created before the field existed: `null`, or a value
   * that the schema accepts.
   */
  readonly default: JsonValue;
  /** Whether a caller who registers must send the field; `false` if absent. */
  readonly required?: boolean | undefined;
  /** The owner alone if absent. Owners and admins are members too, and every caller is part of the public. */
  readonly read?: readonly ProfileReader[] | undefined;
  /** The owner alone if absent. A field that the caller may not write is ignored. */
  readonly write?: readonly ProfileWriter[] | undefined;
}

const fieldSchema = exactly<ProfileField>({
  schema: valibotSchema(),
  default: anything,
  required: v.optional(flag),
  read: v.optional(listOf(oneOf<ProfileReader>({ self: 0, admins: 0, members: 0, public: 0 }))),
  write: v.optional(listOf(oneOf<ProfileWriter>({ self: 0, admins: 0 }))),
});

/** The fields of a host's profile, by their names in camelCase. */
export type ProfileFields = { readonly [field: string]: ProfileField };

/** The readers of a field: the owner alone, unless it names others. */
export function readersOf({ read = ['self'] }: ProfileField): readonly ProfileReader[] {
  return read;
}

/** The writers of a field: the owner alone, unless it names others. */
function writersOf({ write = ['self'] }: ProfileField): readonly ProfileWriter[] {
  return write;
}

/** Names that every account already uses, in an input or in a view. */
const reservedNames = new Set(
  [
    'id name email externalId profile role isActive emailVerified createdAt',
    'password passwordHash newPassword currentPassword token securityVersion',
  ].flatMap((names) => names.split(' ')),
);

type ProfileSchema = v.OptionalSchema<v.GenericSchema<ProfileDocument, ProfileDocument>, ProfileDocument>;

/** The values of a profile, as its fields declare them. A field that the reader may not see is absent. */
export type ProfileValues<Fields extends ProfileFields> = {
  readonly [Name in keyof Fields]?: v.InferOutput<Fields[Name]['schema']> | Fields[Name]['default'];
};

/** The profile that a host defines: one document, each field of which states who may read and write it. */
export class Profile<const Fields extends ProfileFields = ProfileFields> {
  readonly fields: Fields;

  /** @throws Error that names a field whose default or name cannot be used */
  constructor(fields: Fields = {} as Fields) {
    const declared = Object.entries(readOptions(anObject, fields, ['profile']));
    const given = declared.filter(([, field]) => field !== undefined);
    this.fields = Object.fromEntries(given.map(([name, field]) => [name, usable(name, field)])) as Fields;
  }

  /**
   * The fields that this writer sends to create an account. Required fields are required only from an owner who
   * registers.
   */
  newBy(writer: ProfileWriter): ProfileSchema {
    const isNeeded = ({ required }: ProfileField) => writer === 'self' && required === true;
    return this.#input(writer, (field) => {
      const schema = storableBy(field);
      return isNeeded(field) ? schema : v.nullish(schema, field.default);
    });
  }

  /** The fields of an account that the system creates. It may write all of them, and none is required. */
  newBySystem(): ProfileSchema {
    return schemaOf(this.fields, (field) => v.nullish(storableBy(field), field.default));
  }

  /** The fields that this writer sends to change an account. A field that is absent or `null` keeps its value. */
  changesBy(writer: ProfileWriter): ProfileSchema {
    return this.#input(writer, (field) => v.nullish(storableBy(field)));
  }

  /** The profile in the view of an account, with the types that its fields declare. */
  valuesOf({ profile }: { readonly profile: ProfileDocument }): ProfileValues<Fields> {
    return profile as ProfileValues<Fields>;
  }

  /** The fields of a document that these readers see. */
  view(document: ProfileDocument, readers: readonly ProfileReader[]): Record<string, JsonValue> {
    const visible = Object.entries(this.fields).filter(([, field]) =>
      readersOf(field).some((reader) => readers.includes(reader)),
    );
    return this.pick(
      document,
      visible.map(([name]) => name),
    );
  }

  /** These fields of a document. A value that is missing or that the schema refuses is replaced by the default. */
  pick(document: ProfileDocument, names: readonly string[]): Record<string, JsonValue> {
    const picked = Object.entries(this.fields).filter(([name]) => names.includes(name));
    return Object.fromEntries(picked.map(([name, field]) => [name, valueOf(document, name, field)]));
  }

  /** The schema of these fields, as `pick` returns them. */
  shown(names: readonly string[]): v.GenericSchema<Record<string, JsonValue>> {
    const shown = Object.entries(this.fields).filter(([name]) => names.includes(name));
    return v.object(Object.fromEntries(shown.map(([name, field]) => [name, shownSchema(field)]))) as never;
  }

  #input(writer: ProfileWriter, entryOf: (field: ProfileField) => v.GenericSchema): ProfileSchema {
    const writable = Object.entries(this.fields).filter(([, field]) => writersOf(field).includes(writer));
    return schemaOf(Object.fromEntries(writable), entryOf);
  }
}

function schemaOf(fields: ProfileFields, entryOf: (field: ProfileField) => v.GenericSchema): ProfileSchema {
  const entries = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, entryOf(field)]));
  return v.optional(v.object(entries), {}) as ProfileSchema;
}

/** The schema of a field's value, which may be its default. */
export function shownSchema({ schema, default: fallback }: ProfileField): v.GenericSchema<unknown, JsonValue> {
  return fallback === null ? v.nullable(schema) : schema;
}

/** The field, which the host can no longer change. */
function usable(name: string, declared: unknown): ProfileField {
  const refuse = (reason: string) => new Error(`The profile's field "${name}" ${reason}`);
  if (!/^[a-z][a-zA-Z0-9]{0,62}$/.test(name)) throw refuse('is not in camelCase');
  // Every object has a "constructor", so an input without that field could not be recognised.
  if (reservedNames.has(name) || name in {}) throw refuse('has a name that every account uses');
  const field = readOptions(fieldSchema, declared, ['profile', name]);
  const { default: fallback } = field;
  if (isAsynchronous(field.schema)) throw refuse('has an asynchronous schema, which cannot be used');
  if (fallback === undefined) throw refuse('has no default');
  if (fallback !== null && !v.is(storableBy(field), fallback)) throw refuse('has a default that its schema refuses');
  return field;
}

/** The sent fields whose values differ from the document's. */
export function changedFields(document: ProfileDocument, sent: ProfileDocument): ProfileDocument {
  return Object.fromEntries(
    Object.entries(sentFields(sent)).filter(([name, value]) => !isSameJson(document[name], value)),
  );
}

/** Whether two values are the same JSON. The order of an object's fields does not matter. */
export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const [fields, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    fields.size === others.size &&
    [...fields].every(([name, value]) => others.has(name) && isSameJson(value, others.get(name)))
  );
}

/** The schema of a field for values that every store can hold. */
function storableBy({ schema }: ProfileField): v.GenericSchema<unknown, JsonValue> {
  return v.pipe(
    schema,
    v.check<JsonValue, string>((value) => isStorableJson(value), `Must be ${storableJson}`),
  );
}

/** The fields that were sent; `null` counts as not sent. */
export function sentFields(document: ProfileDocument): ProfileDocument {
  const sent = Object.entries(document as Record<string, JsonValue | undefined>).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(sent) as ProfileDocument;
}

function valueOf(document: ProfileDocument, name: string, { schema, default: fallback }: ProfileField): JsonValue {
  const value = Object.hasOwn(document, name) ? document[name] : undefined;
  return value !== undefined && v.is(schema, value) ? value : fallback;
}
