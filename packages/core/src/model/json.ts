/** A value that JSON can hold (RFC 8259). */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** How many levels of objects and arrays a JSON value has at most, the outermost included. */
export const maxJsonDepth = 32;

/** Whether every store can hold this text: PostgreSQL refuses some that JSON allows. */
export const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

/** Says what `isStorableJson` accepts. */
export const storableJson = `JSON of at most ${maxJsonDepth} levels without NUL, unpaired surrogates or infinity`;

/**
 * Whether every store can hold this value, and gives it back as it is. A field that is `undefined` counts as absent, as
 * in JSON.
 */
export function isStorableJson(value: unknown, levels = maxJsonDepth): value is JsonValue {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object' || levels === 0) return false;
  const isInner = (inner: unknown) => isStorableJson(inner, levels - 1);
  if (Array.isArray(value)) return Array.from(value).every(isInner);
  if (!isPlainObject(value)) return false;
  return Object.entries(value).every(([name, inner]) => inner === undefined || (isStorable(name) && isInner(inner)));
}

/** The name of the first fact that is no text, number or boolean that every store can hold. */
export function unstorableFact(facts: Readonly<Record<string, unknown>>): string | undefined {
  const isFact = (value: unknown) => value !== null && isStorableJson(value, 0);
  return Object.keys(facts).find((name) => !isStorable(name) || !isFact(facts[name]));
}

/** Whether an object is made of braces, or of JSON: no array, and no instance of a class. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of an object of another realm has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
