import type { StorePorts } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { NewUser, UserChanges } from '../ports/users.ts';
import type { User, UserId } from '../model/user.ts';
import { newPost, newSession } from './samples.ts';

/** A unit of work that hands out at least these repositories. Every `UnitOfWork` is one. */
export interface UnitOfWorkOn<Name extends keyof Transaction> {
  run<Result>(work: (transaction: Pick<Transaction, Name>) => Promise<Result>): Promise<Result>;
}

/**
 * The users that the records of a port belong to. How they are stored is up to the adapter's author: each method
 * resolves once its change is committed.
 */
export interface ArrangeUsers {
  /** Stores a user, and returns it with its new id. */
  user(user: NewUser): Promise<User>;
  /** Changes these fields of a user. */
  updateUser(id: UserId, changes: UserChanges): Promise<unknown>;
  /** Deletes a user, and with it the records that belong to it. */
  deleteUser(id: UserId): Promise<unknown>;
}

/** The records that belong to a user. */
export interface ArrangeRecords {
  /** Stores a session and a post of this user, and returns a function that counts how many of the two are left. */
  records(user: User): Promise<() => Promise<number>>;
}

/** Arranges records in a whole store, by its own ports. */
export function arrangeIn({ sessions, posts, unitOfWork }: StorePorts): ArrangeUsers & ArrangeRecords {
  return {
    user: (user) => unitOfWork.run(({ users }) => users.append(user)),
    updateUser: (id, changes) => unitOfWork.run(({ users }) => users.update(id, changes)),
    deleteUser: (id) => unitOfWork.run(({ users }) => users.delete(id)),
    async records({ id, name }) {
      const session = newSession(id, name.charAt(0));
      const post = await unitOfWork.run(async (transaction) => {
        await transaction.sessions.append(session);
        return transaction.posts.append(newPost(id));
      });
      return async () => {
        const left = [await sessions.findWithUser(session.id), await posts.findWithAuthor(post.id)];
        return left.filter((record) => record !== undefined).length;
      };
    },
  };
}
