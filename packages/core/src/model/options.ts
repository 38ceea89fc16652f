/** The same options, each of which may be absent or `undefined`. */
export type Options<Whole> = { readonly [Name in keyof Whole]?: Whole[Name] | undefined };

/**
 * The entries of all these objects.
 *
 * @throws Error that names an entry that two of them have
 */
export function mergeDistinct(what: string, ...objects: readonly object[]): object {
  const names = objects.flatMap((one) => Object.keys(one));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`There are two ${what} "${twice}"`);
  return Object.assign({}, ...objects) as object;
}

/** The defaults, overridden by the options that are given. */
export function withDefaults<Whole extends object>(defaults: Whole, options: Options<Whole> = {}): Whole {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(given) as Partial<Whole>) };
}
