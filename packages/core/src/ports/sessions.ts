import type { User, UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';
import type { Session, SessionId } from '../model/session.ts';

/** A session together with the user it belongs to. */
export interface SessionWithUser {
  readonly session: Session;
  readonly user: User;
}

/** The lifetime limits of sessions, at a moment. */
export interface SessionLifetime {
  readonly at: Date;
  /** A session that was last used at this moment or before has been idle for too long. */
  readonly usedSince: Date;
}

/** The client that refreshes a session. */
export interface RefreshingClient {
  readonly network: string;
  readonly userAgent?: string | undefined;
  /** How many networks the session remembers. */
  readonly keep: number;
}

/** What the store found when it opened a session. */
export interface SessionOpening {
  /** How many other sessions ended. */
  readonly ended: number;
  /** Whether an earlier session of the user, ended or not, was opened by the same user agent. */
  readonly isKnownDevice: boolean;
}

/** Reads sessions, outside any transaction. */
export interface Sessions {
  /** The session with this id, ended or not, and the current state of its user, in one read. */
  findWithUser(id: SessionId): Promise<SessionWithUser | undefined>;

  /**
   * The sessions of a user that have not ended, expired or been idle for too long. The newest come first; of sessions
   * with the same start, the greater id comes first. The page starts behind the id `page.after`.
   */
  listLive(userId: UserId, lifetime: SessionLifetime, page: StorePage<SessionId>): Promise<readonly Session[]>;
}

/** Writes sessions, inside a transaction. */
export interface WritableSessions {
  /**
   * Stores a new session, and ends all others of its user that have not ended yet, except the `keep` that were used
   * last. The caller has locked the user.
   */
  open(session: Session, keep: number): Promise<SessionOpening>;

  /** Reads a session and its user, and keeps every other transaction from changing the session until this one ends. */
  lock(id: SessionId): Promise<SessionWithUser | undefined>;

  /**
   * Moves a refreshable session from this generation to the next, once, as used and rotated at `at` by this client.
   * The client's network becomes the first of the session's networks, which records whether it is new to the session;
   * beyond `keep` of them, the last is dropped. Returns the session after that with its user, locked as by `lock`;
   * `undefined` if this call did not move it.
   */
  turn(
    id: SessionId,
    generation: number,
    lifetime: SessionLifetime,
    client: RefreshingClient,
  ): Promise<SessionWithUser | undefined>;

  /** Stores when other networks were given this session's tokens. */
  recordSharing(id: SessionId, sharedAt: readonly Date[]): Promise<void>;

  /** Ends this session at `endedAt`, once. Returns whether this call ended it. */
  end(id: SessionId, endedAt: Date): Promise<boolean>;

  /** Does the same, if the session belongs to this user. */
  endOwn(userId: UserId, id: SessionId, endedAt: Date): Promise<boolean>;

  /** Ends all sessions of a user that have not ended yet, and returns how many. */
  endAllOf(userId: UserId, endedAt: Date): Promise<number>;

  /**
   * Ends sessions of any user that have not ended yet, at most `limit` of them, behind the one with the id `after` in an
   * order of the store's own. Returns their ids in that order: fewer only if none is left.
   */
  endNext(
    page: { readonly after?: SessionId | undefined; readonly limit: number },
    endedAt: Date,
  ): Promise<readonly SessionId[]>;

  /** Removes at most so many sessions that expired before this moment, and returns how many. */
  purge(before: Date, limit: number): Promise<number>;

  /** Removes at most so many sessions of a user, whatever their state, and returns how many: 0 only if none is left. */
  purgeAllOf(userId: UserId, limit: number): Promise<number>;
}
