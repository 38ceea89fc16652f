import * as v from 'valibot';
import type { Anyone } from './caller.ts';
import { isStorableJson, type JsonValue, storableJson } from './json.ts';
import { aFunction, exactly } from './option-schemas.ts';
import type { User } from './user.ts';

/** An account that is about to be created. */
export type AccountDraft = Pick<User, 'name' | 'email' | 'externalId' | 'profile' | 'role'>;

/** The sentence that refuses an account, or a value that stands for none. */
export type Objection = string | false | null | undefined;

/** What a host adds to use cases of the core. Hooks run outside transactions of the core. */
export interface Hooks {
  /**
   * Decides whether an account may be created: by its owner, by an admin, or by the system. It may be called for an
   * address that is taken.
   *
   * @returns a sentence for the caller if the account is refused, or else `undefined`, `null`, `false` or an empty
   *   string, so that `isBad && 'A sentence'` works. Any other value is an error of the hook, and no account is created.
   */
  refuseAccount?(account: AccountDraft, caller: Anyone): Objection | Promise<Objection>;

  /** Returns further claims of the access tokens of an account. They are not encrypted, and the client can read them. */
  accessTokenClaims?(user: User): ExtraClaims | Promise<ExtraClaims>;
}

const hooks = { refuseAccount: v.optional(aFunction), accessTokenClaims: v.optional(aFunction) };

/** The schema of a host's hooks. An object of a class may have members of its own, but must have one of these. */
export const hooksSchema = v.lazy((given): v.GenericSchema =>
  isOfClass(given)
    ? v.pipe(
        v.looseObject(hooks),
        v.check(
          (members) => Object.keys(hooks).some((name) => name in members),
          `has none of ${Object.keys(hooks).join(', ')}`,
        ),
      )
    : exactly<Hooks>(hooks),
);

/** Whether there is a prototype between the object and the one that literals have. */
function isOfClass(value: unknown): boolean {
  const prototype: unknown = typeof value === 'object' && value !== null && Object.getPrototypeOf(value);
  return Boolean(prototype) && Object.getPrototypeOf(prototype) !== null;
}

/** Claims of a token, by their names (RFC 7519, section 4). */
export type ExtraClaims = Readonly<Record<string, JsonValue>>;

/** The claims that a host may not set: those of RFC 7519, RFC 9068 and OpenID Connect that decide who a token is for. */
const reservedClaims = new Set(
  'iss sub aud exp nbf iat jti client_id sid scope auth_time acr amr azp nonce cnf act may_act typ'.split(' '),
);

/** @throws Error that names a claim that a host may not set, or that says that the claims are no JSON */
export function refuseUnusableClaims(claims: ExtraClaims): void {
  const reserved = Object.keys(claims).find((name) => reservedClaims.has(name));
  if (reserved !== undefined) throw new Error(`accessTokenClaims may not set the claim "${reserved}"`);
  if (!isStorableJson({ ...claims })) throw new Error(`accessTokenClaims must return ${storableJson}`);
}
