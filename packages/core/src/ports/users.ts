import type { Email } from '../model/email.ts';
import type { Role, User, UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';

/** A user and the hash of their password: the only place where the two meet. */
export interface Credentials {
  readonly user: User;
  readonly passwordHash: string;
}

/** Which users to list; what is left out does not matter. */
export interface UserFilter {
  readonly isActive?: boolean | undefined;
  readonly role?: Role | undefined;
  /** The beginning of the e-mail address or of the name, as `foldCase` spells it. */
  readonly search?: string | undefined;
}

/** Reads users, outside any transaction. */
export interface Users {
  /** The user with this id. */
  findById(id: UserId): Promise<User | undefined>;

  /** The user with this address or id, with the hash of their password, in one look. */
  findCredentials(key: { readonly email: Email } | { readonly id: UserId }): Promise<Credentials | undefined>;

  /** Users by ascending id; `page.after` is the id to start behind. */
  list(filter: UserFilter, page: StorePage): Promise<readonly User[]>;
}

/** A user who is not stored yet. */
export type NewUser = Omit<User, 'id'> & { readonly passwordHash: string };

/** The fields of a user that may change; those left out stay. */
export type UserChanges = {
  readonly [Field in 'name' | 'email' | 'age' | 'city' | 'role' | 'isActive' | 'emailVerified']?:
    | User[Field]
    | undefined;
};

/** Writes users, inside a transaction. */
export interface WritableUsers {
  /**
   * Stores a user under the next free id; ids are never used again.
   *
   * @throws SallyportError `email_taken` when another user has this address
   */
  append(user: NewUser): Promise<User>;

  /**
   * Changes just these fields, in one step, and returns the user as they are now.
   *
   * @throws SallyportError `email_taken` when another user has the new address
   */
  update(id: UserId, changes: UserChanges): Promise<User | undefined>;

  /** Replaces the hash of the password. */
  setPasswordHash(id: UserId, passwordHash: string): Promise<void>;

  /** Removes the user with their sessions and posts; says whether there was one. */
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
