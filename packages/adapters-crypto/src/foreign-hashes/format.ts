import { within } from '../within.ts';

/** Whether a password is that of a hash. It is passed exactly as the client sent it. */
export type Check = (password: string) => Promise<boolean>;

/** A sentence that says why a hash is refused. */
export interface Refusal {
  readonly refusal: string;
}

/** A check of a known cost, and how often its time fits into that of the costliest check that is possible. */
export interface Probe {
  readonly run: () => Promise<unknown>;
  readonly times: number;
}

/** A format of password hashes from other systems, up to a cost. */
export interface ForeignHashFormat {
  /** The name by which a configuration selects it. */
  readonly name: string;
  /** Reads a hash. Returns `undefined` for malformed text and for hashes of other formats; it never throws. */
  read(hash: string): { readonly check: Check } | Refusal | undefined;
  readonly probe: Probe;
}

/** The bound of a format. */
export interface ForeignHashOptions {
  /** The highest cost that is accepted, in the unit of the format. */
  readonly max?: number | undefined;
}

/** What the cost of a format is, and how high its bound may be. */
export interface Cost {
  readonly unit: string;
  /** Whether the time grows with the cost, or doubles with each step of it. */
  readonly growth: 'linear' | 'doubling';
  /** The bound if none is given. */
  readonly usual: number;
  readonly min: number;
  readonly max: number;
}

/** What the check of a well-formed hash costs, and the check. */
export interface Parsed {
  readonly cost: number;
  readonly check: Check;
}

/** The longest hashes are credentials of Keycloak in JSON. */
const longestHash = 4096;

/** The label of a hash that describes itself: `{bcrypt}` of Spring Security, `{BLF-CRYPT}` of Dovecot, `{CRYPT}` of LDAP. */
const label = /^\{[A-Za-z0-9.@_-]{1,32}\}/;

/**
 * A format that refuses hashes above its bound.
 *
 * @param parse returns `undefined` for what is not a well-formed hash of this format
 * @param probe a check, and its cost
 * @throws RangeError when the bound is not in the range of the format
 */
export function formatOf(
  name: string,
  { unit, growth, usual, min, max }: Cost,
  options: ForeignHashOptions,
  parse: (hash: string) => Parsed | Refusal | undefined,
  probe: { readonly cost: number; readonly run: () => Promise<unknown> },
): ForeignHashFormat {
  const limit = within({ min, max }, `max of ${name}`, options.max ?? usual);
  return {
    name,
    read(hash) {
      const parsed = hash.length > longestHash ? undefined : parse(hash.replace(label, ''));
      if (!parsed || 'refusal' in parsed || parsed.cost <= limit) return parsed;
      return { refusal: `its cost is ${Math.ceil(parsed.cost)} ${unit}, and at most ${limit} is accepted` };
    },
    probe: { run: probe.run, times: growth === 'linear' ? limit / probe.cost : 2 ** (limit - probe.cost) },
  };
}

/** A way in which hashes of a format are written: the text, and what its groups mean. */
export interface Spelling<Parameters> {
  readonly pattern: RegExp;
  readonly read: (...groups: string[]) => Parameters | undefined;
}

/** The parameters of a hash, by the first spelling whose pattern it has. */
export function spelled<Parameters>(spellings: readonly Spelling<Parameters>[], hash: string): Parameters | undefined {
  for (const { pattern, read } of spellings) {
    const match = pattern.exec(hash);
    if (match) return read(...match.slice(1).map((group) => group ?? ''));
  }
  return undefined;
}
