import type { Session, SessionId } from '../model/session.ts';
import type { UserId } from '../model/user.ts';
import type { Credentials } from './users.ts';

/** The actor, the actor's session, and the account that is acted on. */
export interface AuthorityRequest {
  readonly actorId: UserId;
  readonly sessionId: SessionId;
  readonly subjectId?: UserId | undefined;
}

/** What was locked, as it is now; what does not exist is absent. */
export interface LockedAuthority {
  readonly actor?: Credentials | undefined;
  /** The session, if it is the actor's. */
  readonly session?: Session | undefined;
  readonly subject?: Credentials | undefined;
}

/** Holds on to what gives a caller the right to write, inside a transaction. */
export interface WritableAuthority {
  /**
   * Reads actor, subject and session in one statement, and keeps every other transaction from changing or locking them
   * until this one ends. The accounts are locked by ascending id, then the session. Those who wait are served in turn.
   */
  lock(request: AuthorityRequest): Promise<LockedAuthority>;
}
