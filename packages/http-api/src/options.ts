import * as v from 'valibot';

/** The kinds of options. An error message continues after the name of the option. */

export const text = v.string('must be a text');
export const texts = v.array(text, 'must be a list of texts');
export const flag = v.boolean('must be true or false');
export const functions = v.custom<() => unknown>((given) => typeof given === 'function', 'must be a function');

export const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null;

/** These options and no others. */
export function options<const Entries extends v.ObjectEntries>(entries: Entries) {
  const names = Object.keys(entries).join(', ');
  return v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `does not exist: there are ${names}`;
    return expected === 'Object' ? 'must be an object' : 'is missing';
  });
}

/**
 * Checks options that a host without a compiler may have misspelt.
 *
 * @throws Error that names the first option that is invalid, and says what it must be
 */
export function refuseOptions(schema: v.GenericSchema, given: unknown): void {
  const [issue] = v.safeParse(schema, given, { abortEarly: true }).issues ?? [];
  if (!issue) return;
  const name = v.getDotPath(issue);
  throw new Error(name === null ? `The argument ${issue.message}` : `The option ${name} ${issue.message}`);
}
