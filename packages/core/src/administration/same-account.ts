import type { ValidationIssue } from '../model/errors.ts';
import { isSameJson } from '../model/profile.ts';
import type { AccountKeys, Credentials, ImportedUser } from '../ports/users.ts';
import type { ReadUserRecord } from './user-record.ts';

/** A record of an import, and the account that it stands for. */
export interface UserToImport {
  readonly record: ReadUserRecord;
  readonly user: ImportedUser;
}

/** What these accounts are found by. */
export function keysOf(users: readonly ImportedUser[]): AccountKeys {
  return {
    ids: users.flatMap(({ id }) => id ?? []),
    emails: users.map(({ email }) => email),
    externalIds: users.flatMap(({ externalId }) => externalId ?? []),
  };
}

/** Accounts that exist, found by what no two accounts have in common. */
export class Holders {
  readonly #byId: ReadonlyMap<number, Credentials>;
  readonly #byEmail: ReadonlyMap<string, Credentials>;
  readonly #byExternalId: ReadonlyMap<string | undefined, Credentials>;

  constructor(found: readonly Credentials[]) {
    this.#byId = new Map(found.map((one) => [one.user.id, one]));
    this.#byEmail = new Map(found.map((one) => [one.user.email, one]));
    this.#byExternalId = new Map(found.map((one) => [one.user.externalId, one]));
  }

  /** The account that an earlier import stored for this record, why the record collides, or `undefined` for neither. */
  meet(one: UserToImport): { readonly present: Credentials } | { readonly issue: ValidationIssue } | undefined {
    const { id, externalId, email } = one.user;
    const byExternalId = externalId === undefined ? undefined : this.#byExternalId.get(externalId);
    const byId = id === undefined ? undefined : this.#byId.get(id);
    const byEmail = this.#byEmail.get(email);
    const holder = byExternalId ?? byId ?? byEmail;
    if (!holder) return undefined;
    if (isSameAccount(one, holder)) return { present: holder };
    const [field, message] =
      byEmail !== undefined
        ? ['email', 'Already registered by another account']
        : byId === undefined
          ? ['externalId', 'Belongs to another account']
          : ['id', 'Belongs to another account'];
    return { issue: { path: [field], message } };
  }
}

/**
 * Whether this account was stored for the record, whatever its owner has changed since. An id, an external id and the
 * time of creation that the record states must be the account's. The address must be too, unless an external id names
 * the account. A record that states none of them must equal the account: its address alone proves nothing, because
 * anyone can have registered it.
 */
function isSameAccount({ record, user }: UserToImport, { user: holder, passwordHash }: Credentials): boolean {
  const { id, externalId, createdAt } = record;
  const isStated = Boolean(id ?? externalId ?? createdAt);
  return (
    (!id || id === holder.id) &&
    (!externalId || externalId === holder.externalId) &&
    (!createdAt || createdAt.getTime() === holder.createdAt.getTime()) &&
    (Boolean(externalId) || user.email === holder.email) &&
    (isStated ||
      (user.name === holder.name &&
        user.role === holder.role &&
        user.passwordHash === passwordHash &&
        isSameJson(user.profile, holder.profile)))
  );
}
