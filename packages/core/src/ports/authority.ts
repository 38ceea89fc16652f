import type { Session, SessionId } from '../model/session.ts';
import type { UserId } from '../model/user.ts';
import type { Credentials } from './users.ts';

/** The actor, the actor's session, and the affected account. */
export interface AuthorityRequest {
  readonly actorId: UserId;
  readonly sessionId: SessionId;
  readonly subjectId?: UserId | undefined;
}

/** The locked records in their current state; a record that does not exist is absent. */
export interface LockedAuthority {
  readonly actor?: Credentials | undefined;
  /** The session, if it belongs to the actor. */
  readonly session?: Session | undefined;
  readonly subject?: Credentials | undefined;
}

/** Locks what gives a caller the right to write, inside a transaction. */
export interface WritableAuthority {
  /**
   * Reads actor, subject and session in one statement, and keeps every other transaction from changing or locking them
   * until this one ends. The accounts are locked by ascending id, then the session. Waiting transactions are served in
   * turn.
   */
  lock(request: AuthorityRequest): Promise<LockedAuthority>;
}
