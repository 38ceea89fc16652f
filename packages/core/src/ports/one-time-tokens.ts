import type { Email } from '../model/email.ts';
import type { User, UserId } from '../model/user.ts';

/** The purposes of a mailed token. */
export const tokenPurposes = ['reset-password', 'invitation', 'verify-email', 'change-email'] as const;
/** What a one-time token is for. */
export type TokenPurpose = (typeof tokenPurposes)[number];

/** A token that was mailed. The store keeps only its digest. */
export interface OneTimeToken {
  readonly userId: UserId;
  readonly purpose: TokenPurpose;
  /** The address that it was mailed to, and that it therefore proves. */
  readonly email: Email;
  readonly digest: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When it was first used, if it can be used again. */
  readonly usedAt?: Date | undefined;
}

/** The mail that carries a token, and how many tokens stay. */
export interface TokenMail {
  /** The id of the mail, the same for all attempts to send it. */
  readonly mail: string;
  /** Mails whose tokens stay, and tokens of each that stay. */
  readonly keep: number;
}

/** A token that a caller presents. */
export interface ShownToken {
  readonly digest: string;
  readonly purposes: readonly TokenPurpose[];
  readonly at: Date;
}

/** A token that was looked up, and its owner. */
export interface FoundToken {
  readonly token: OneTimeToken;
  readonly user: User;
}

/** Reads one-time tokens, outside any transaction. */
export interface OneTimeTokens {
  /** The unexpired token with this digest and one of these purposes, and its owner. The token stays valid. */
  find(shown: ShownToken): Promise<FoundToken | undefined>;
}

/** Writes one-time tokens, inside a transaction. */
export interface WritableOneTimeTokens {
  /**
   * Stores a token that this mail carries. Of the user's tokens for the same purpose, those of `keep` mails stay, and
   * `keep` of each mail: this token and its mail, whatever its time, since a clock may have been set back, and the newest
   * of the others. The caller has locked the user.
   */
  append(token: OneTimeToken, which: TokenMail): Promise<void>;

  /** Removes and returns the unexpired token with this digest and one of these purposes. Only one caller gets it. */
  consume(shown: ShownToken): Promise<OneTimeToken | undefined>;

  /**
   * Marks the unexpired token with this digest and one of these purposes as used, and returns its state before the
   * call: only the first caller gets it without `usedAt`.
   */
  use(shown: ShownToken): Promise<OneTimeToken | undefined>;

  /** Removes the tokens of a user, all or only those for these purposes, except the one with this digest. */
  deleteAllOf(
    userId: UserId,
    which?: { readonly purposes?: readonly TokenPurpose[]; readonly except?: string },
  ): Promise<void>;

  /** Removes at most so many tokens that expired before this moment, and returns how many. */
  purge(before: Date, limit: number): Promise<number>;

  /** Removes at most so many tokens of a user, and returns how many: 0 only if none is left. */
  purgeAllOf(userId: UserId, limit: number): Promise<number>;
}
