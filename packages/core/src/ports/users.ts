import type { Email } from '../model/email.ts';
import type { Role, User, UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';

/** An account with its credentials. No other type has both. */
export interface Credentials {
  readonly user: User;
  /** Absent while the account has no password. */
  readonly passwordHash?: string | undefined;
  /** Increases with every change of the credentials. A proof of an earlier version is invalid. */
  readonly securityVersion: number;
}

/** The users to list; a field that is absent does not restrict the list. */
export interface UserFilter {
  readonly isActive?: boolean | undefined;
  readonly role?: Role | undefined;
  readonly emailVerified?: boolean | undefined;
  readonly externalId?: string | undefined;
  /** Text by which the account is found, as `searchedTerms` defines it. */
  readonly search?: string | undefined;
}

/** Reads users, outside any transaction. */
export interface Users {
  /** The user with this id. */
  findById(id: UserId): Promise<User | undefined>;

  /** The user with this address or id, and their credentials, in one read. */
  findCredentials(key: { readonly email: Email } | { readonly id: UserId }): Promise<Credentials | undefined>;

  /** Users by ascending id. The page starts behind the id `page.after`. */
  list(filter: UserFilter, page: StorePage): Promise<readonly User[]>;

  /** Every account with its credentials, by ascending id. The page starts behind the id `page.after`. */
  listCredentials(page: StorePage): Promise<readonly Credentials[]>;
}

/** A user who is not stored yet. */
export type NewUser = Omit<User, 'id'> & Pick<Credentials, 'passwordHash'>;

/** A user who comes from another system, with the id that it had there, if it is to keep one. */
export type ImportedUser = NewUser & { readonly id?: UserId | undefined };

/** What accounts are found by. */
export interface AccountKeys {
  readonly ids: readonly UserId[];
  readonly emails: readonly Email[];
  readonly externalIds: readonly string[];
}

/** The fields of a user that may change. A field that is absent stays, in the profile too. */
export type UserChanges = {
  readonly [Field in 'name' | 'profile' | 'role' | 'isActive' | 'emailVerified']?: User[Field] | undefined;
};

/** The credentials of an account that may change. A field that is absent stays. */
export interface CredentialChanges {
  readonly passwordHash?: string | undefined;
  /** The address to which links are mailed. */
  readonly email?: Email | undefined;
  readonly emailVerified?: boolean | undefined;
}

/** Writes users, inside a transaction. */
export interface WritableUsers {
  /**
   * Stores a user under the next free id, with security version 1. Ids are never reused, and never greater than the
   * greatest `Id`: it rejects when none is left.
   *
   * @throws SallyportError `email_taken` | `external_id_taken` when another user has this address or external id
   */
  append(user: NewUser): Promise<User>;

  /**
   * Stores each user as `append` does, under its own id if it has one, and returns their ids in the same order. Ids that
   * are given out later are greater than all of them. A user whose id, address or external id another account has is
   * left out, and so is one whose id belongs to a closed account that still has rows: then `undefined` is in its place.
   */
  import(users: readonly ImportedUser[]): Promise<readonly (UserId | undefined)[]>;

  /** The accounts that have one of these ids, addresses or external ids, each of them once. */
  findAny(keys: AccountKeys): Promise<readonly Credentials[]>;

  /**
   * Keeps every other transaction from changing or deleting these users until this one ends, and returns the ids of
   * those that exist. They are locked by ascending id.
   */
  lockAll(ids: readonly UserId[]): Promise<readonly UserId[]>;

  /**
   * Changes only these fields, in one step, and returns the user in its new state. Fields of the profile merge: two
   * changes of different fields are both kept.
   */
  update(id: UserId, changes: UserChanges): Promise<User | undefined>;

  /**
   * Changes credentials, increases the security version by one, and returns the account in its new state.
   *
   * @throws SallyportError `email_taken` when another user has the new address
   */
  changeCredentials(id: UserId, changes: CredentialChanges): Promise<Credentials | undefined>;

  /** Replaces the hash of an unchanged password. The security version stays the same. */
  rehashPassword(id: UserId, passwordHash: string): Promise<void>;

  /**
   * Removes the account at once, and returns whether it existed. Its address becomes free. Its sessions, tokens and the
   * rows of modules stay until they are purged.
   */
  delete(id: UserId): Promise<boolean>;

  /** Reads a user and keeps every other transaction from changing them until this one ends. */
  lockCredentials(id: UserId): Promise<Credentials | undefined>;

  /**
   * The ids of all active admins, ascending. Until this transaction ends, every other transaction that asks for them
   * waits, even if there is none yet. It locks no account. A transaction that removes an active admin calls this first.
   */
  lockActiveAdmins(): Promise<readonly UserId[]>;
}
