import type { User, UserId } from '../identity/user.ts';
import type { Session, SessionId } from '../sessions/session.ts';

/** A session together with the user it belongs to. */
export interface SessionWithUser {
  readonly session: Session;
  readonly user: User;
}

/** Reads sessions, outside any transaction. */
export interface Sessions {
  /** The session with this id, ended or not, and its user as they are now, in one look. */
  findWithUser(id: SessionId): Promise<SessionWithUser | undefined>;
}

/** Writes sessions, inside a transaction. */
export interface WritableSessions {
  /**
   * Stores a new session.
   *
   * @throws SallyportError `user_no_longer_exists` when its user is gone
   */
  append(session: Session): Promise<void>;

  /** Ends this session at `endedAt`, once: says whether it was this call that did. */
  end(id: SessionId, endedAt: Date): Promise<boolean>;

  /** Ends all sessions of a user that have not ended yet, but for `except`, and says how many. */
  endAllOf(userId: UserId, endedAt: Date, except?: SessionId): Promise<number>;
}
