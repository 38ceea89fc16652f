import type { StorePorts } from '../ports/ports.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { NewUser, UserChanges } from '../ports/users.ts';
import type { User, UserId } from '../model/user.ts';

/** A unit of work that hands out at least these repositories of the core. */
export type UnitOfWorkOn<Name extends keyof Transaction> = UnitOfWork<Pick<Transaction, Name>>;

/**
 * Creates the users that the records of a port belong to. The adapter's author decides how they are stored: each method
 * resolves once its change is committed.
 */
export interface ArrangeUsers {
  /** Stores a user, and returns it with its new id. */
  user(user: NewUser): Promise<User>;
  /** Changes these fields of a user. */
  updateUser(id: UserId, changes: UserChanges): Promise<unknown>;
  /** Deletes a user. The records that belong to it stay. */
  deleteUser(id: UserId): Promise<unknown>;
}

/** Arranges users in a whole store, by its own ports. */
export function arrangeIn({ unitOfWork }: Pick<StorePorts, 'unitOfWork'>): ArrangeUsers {
  return {
    user: (user) => unitOfWork.run(({ users }) => users.append(user)),
    updateUser: (id, changes) => unitOfWork.run(({ users }) => users.update(id, changes)),
    deleteUser: (id) => unitOfWork.run(({ users }) => users.delete(id)),
  };
}
