/** The same options, each of which may be absent or `undefined`. */
export type Options<Whole> = { readonly [Name in keyof Whole]?: Whole[Name] | undefined };

/** The defaults, overridden by the options that are given. */
export function withDefaults<Whole extends object>(defaults: Whole, options: Options<Whole> = {}): Whole {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(given) as Partial<Whole>) };
}
