/**
 * What a server that accepts the token has done wrong:
 *
 * - `forged`: the issuer has not signed it. Any attacker gets in.
 * - `misused`: the issuer has signed it, for another purpose, audience or time.
 * - `irregular`: a spelling or a type that an issuer does not write. Some libraries accept these. Then one token has
 *   several spellings, and a list of revoked tokens, a cache or another parser can be deceived.
 * - `malformed`: not a token at all. A server that does not answer 401, or is slow to do so, has a bug.
 */
export type HostileTokenKind = 'forged' | 'misused' | 'irregular' | 'malformed';

/** A token that a resource server must refuse. */
export interface HostileToken {
  readonly kind: HostileTokenKind;
  /** What it is, unique in the corpus, to complete a title such as `refuses …`. */
  readonly name: string;
  readonly token: string;
  /** Why it must be refused, as a sentence. */
  readonly why: string;
  /** The RFC and its section, or the advisory. */
  readonly source: string;
}

/** A fault that several tokens of the corpus have. */
export type Fault = Omit<HostileToken, 'name' | 'token'>;

/** The tokens that have this fault. */
export function having(fault: Fault, tokens: Readonly<Record<string, string>>): readonly HostileToken[] {
  return Object.entries(tokens).map(([name, token]) => ({ name, token, ...fault }));
}
