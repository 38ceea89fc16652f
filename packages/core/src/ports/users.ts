import type { Email } from '../model/email.ts';
import type { Role, User, UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';

/** An account with what proves its owner: the only place where the two meet. */
export interface Credentials {
  readonly user: User;
  /** Absent while the account has no password. */
  readonly passwordHash?: string | undefined;
  /** Increases with every change of what proves the owner. A proof of an earlier version is invalid. */
  readonly securityVersion: number;
}

/** Which users to list; what is left out does not matter. */
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

  /** The user with this address or id, with their credentials, in one look. */
  findCredentials(key: { readonly email: Email } | { readonly id: UserId }): Promise<Credentials | undefined>;

  /** Users by ascending id; `page.after` is the id to start behind. */
  list(filter: UserFilter, page: StorePage): Promise<readonly User[]>;
}

/** A user who is not stored yet. */
export type NewUser = Omit<User, 'id'> & Pick<Credentials, 'passwordHash'>;

/** The fields of a user that may change; those left out stay. Of the profile, the fields that are sent change. */
export type UserChanges = {
  readonly [Field in 'name' | 'profile' | 'role' | 'isActive' | 'emailVerified']?: User[Field] | undefined;
};

/** What proves the owner of an account; what is left out stays. */
export interface CredentialChanges {
  readonly passwordHash?: string | undefined;
  /** The address to which links are mailed. */
  readonly email?: Email | undefined;
  readonly emailVerified?: boolean | undefined;
}

/** Writes users, inside a transaction. */
export interface WritableUsers {
  /**
   * Stores a user under the next free id, with security version 1; ids are never used again.
   *
   * @throws SallyportError `email_taken` | `external_id_taken` when another user has this address or external id
   */
  append(user: NewUser): Promise<User>;

  /**
   * Changes just these fields, in one step, and returns the user as they are now. Fields of the profile merge: two
   * changes of different fields are both kept.
   */
  update(id: UserId, changes: UserChanges): Promise<User | undefined>;

  /**
   * Changes what proves the owner, increases the security version by one, and returns the account as it is now.
   *
   * @throws SallyportError `email_taken` when another user has the new address
   */
  changeCredentials(id: UserId, changes: CredentialChanges): Promise<Credentials | undefined>;

  /** Replaces the hash of a password that stays the same: the security version stays too. */
  rehashPassword(id: UserId, passwordHash: string): Promise<void>;

  /**
   * Removes the account at once, and says whether there was one. Its address is free. Its sessions, tokens and the
   * rows of modules stay until they are purged, however many there are.
   */
  delete(id: UserId): Promise<boolean>;

  /** Reads a user and keeps every other transaction from changing them until this one ends. */
  lockCredentials(id: UserId): Promise<Credentials | undefined>;

  /**
   * The ids of all active admins, ascending. Until this transaction ends, every other one that asks for them waits,
   * even where there is none yet. No account is locked by it: a transaction that removes
   * an active admin calls this first.
   */
  lockActiveAdmins(): Promise<readonly UserId[]>;
}
