import type { Email } from '../model/email.ts';
import type { User, UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';
import type { Session, SessionId } from '../model/session.ts';

/** A session together with the user it belongs to. */
export interface SessionWithUser {
  readonly session: Session;
  readonly user: User;
}

/** What tells a session that may go on from one that may not. */
export interface SessionLifetime {
  readonly at: Date;
  /** A session that was last used at this moment or before lay idle for too long. */
  readonly usedSince: Date;
}

/** Reads sessions, outside any transaction. */
export interface Sessions {
  /** The session with this id, ended or not, and its user as they are now, in one look. */
  findWithUser(id: SessionId): Promise<SessionWithUser | undefined>;

  /**
   * The sessions of a user that have not ended, nor expired, nor lain idle: the newest first, of those opened at the
   * same moment the one with the greater id. `page.after` is the id to start behind.
   */
  listLive(userId: UserId, lifetime: SessionLifetime, page: StorePage<SessionId>): Promise<readonly Session[]>;

  /**
   * The addresses from which the 100 newest live sessions of the account with this e-mail address were opened, each
   * once; none where there is no such account. One look in either case.
   */
  liveAddresses(email: Email, lifetime: SessionLifetime): Promise<readonly string[]>;
}

/** Writes sessions, inside a transaction. */
export interface WritableSessions {
  /** Stores a new session. The caller has locked its user. */
  append(session: Session): Promise<void>;

  /** Reads a session and its user, and keeps every other transaction from changing the session until this one ends. */
  lock(id: SessionId): Promise<SessionWithUser | undefined>;

  /** Whether this user has a session, ended or not, that was opened by the same user agent. */
  knowsDevice(userId: UserId, userAgent: string | undefined): Promise<boolean>;

  /**
   * Moves a session that may go on from this generation to the next, once, as used and turned at `at`: says
   * whether it was this call that did.
   */
  turn(id: SessionId, generation: number, lifetime: SessionLifetime): Promise<boolean>;

  /** Ends this session at `endedAt`, once: says whether it was this call that did. */
  end(id: SessionId, endedAt: Date): Promise<boolean>;

  /** The same, if the session is this user's. */
  endOwn(userId: UserId, id: SessionId, endedAt: Date): Promise<boolean>;

  /** Ends all sessions of a user that have not ended yet, and says how many. */
  endAllOf(userId: UserId, endedAt: Date): Promise<number>;

  /** Ends all sessions of a user that have not ended yet, but for the `keep` that were used last; says how many. */
  endBeyond(userId: UserId, keep: number, endedAt: Date): Promise<number>;

  /** Removes at most so many sessions that expired before this moment, and says how many. */
  purge(before: Date, limit: number): Promise<number>;

  /** Removes at most so many sessions of a user, whatever their state, and says how many: fewer only if none is left. */
  purgeAllOf(userId: UserId, limit: number): Promise<number>;
}
