import type { Email } from '../model/email.ts';
import type { User, UserId } from '../model/user.ts';

/** What a token that was mailed is good for, once. */
export const tokenPurposes = ['reset-password', 'verify-email', 'change-email'] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];

/** A token that was mailed. The store knows its digest alone. */
export interface OneTimeToken {
  readonly userId: UserId;
  readonly purpose: TokenPurpose;
  /** The address it was mailed to, and that it therefore proves. */
  readonly email: Email;
  readonly digest: string;
  readonly expiresAt: Date;
}

/** Reads one-time tokens, outside any transaction. */
export interface OneTimeTokens {
  /** Whom the live token with this digest and one of these purposes belongs to; it stays live. */
  findUser(digest: string, purposes: readonly TokenPurpose[], at: Date): Promise<User | undefined>;
}

/** Writes one-time tokens, inside a transaction. */
export interface WritableOneTimeTokens {
  /**
   * Stores a token in the place of the one that its user had for this purpose.
   *
   * @throws SallyportError `user_no_longer_exists` when its user is gone
   */
  replace(token: OneTimeToken): Promise<void>;

  /** Uses up the live token with this digest and one of these purposes: says what it was, to one caller alone. */
  consume(digest: string, purposes: readonly TokenPurpose[], at: Date): Promise<OneTimeToken | undefined>;

  /** Forgets all tokens of a user. */
  deleteAllOf(userId: UserId): Promise<void>;

  /** Removes at most so many tokens that expired before this moment, and says how many. */
  purge(before: Date, limit: number): Promise<number>;
}
