import type { Email } from '../model/email.ts';
import type { User, UserId } from '../model/user.ts';

/** What a mailed token proves its holder for. */
export const tokenPurposes = ['reset-password', 'invitation', 'verify-email', 'change-email'] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];

/** A token that was mailed. The store knows its digest alone. */
export interface OneTimeToken {
  readonly userId: UserId;
  readonly purpose: TokenPurpose;
  /** The address it was mailed to, and that it therefore proves. */
  readonly email: Email;
  readonly digest: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When it was first used, if it was and may be shown again. */
  readonly usedAt?: Date | undefined;
}

/** A token that is shown. */
export interface ShownToken {
  readonly digest: string;
  readonly purposes: readonly TokenPurpose[];
  readonly at: Date;
}

/** Reads one-time tokens, outside any transaction. */
export interface OneTimeTokens {
  /** The owner of the unexpired token with this digest and one of these purposes; nothing is used up. */
  findUser(shown: ShownToken): Promise<User | undefined>;
}

/** Writes one-time tokens, inside a transaction. */
export interface WritableOneTimeTokens {
  /** Stores a token. Of those that its user has for the same purpose, the newest `keep` stay. The caller has locked the user. */
  append(token: OneTimeToken, keep: number): Promise<void>;

  /** Removes the unexpired token with this digest and one of these purposes: returns it to one caller alone. */
  consume(shown: ShownToken): Promise<OneTimeToken | undefined>;

  /**
   * Marks the unexpired token with this digest and one of these purposes as used, and returns it as it was before: only
   * the first caller gets one without `usedAt`.
   */
  use(shown: ShownToken): Promise<OneTimeToken | undefined>;

  /** Removes the tokens of a user: all, or those for these purposes, but for the one with this digest. */
  deleteAllOf(
    userId: UserId,
    which?: { readonly purposes?: readonly TokenPurpose[]; readonly except?: string },
  ): Promise<void>;

  /** Removes at most so many tokens that expired before this moment, and says how many. */
  purge(before: Date, limit: number): Promise<number>;

  /** Removes at most so many tokens of a user, and says how many: fewer only if none is left. */
  purgeAllOf(userId: UserId, limit: number): Promise<number>;
}
