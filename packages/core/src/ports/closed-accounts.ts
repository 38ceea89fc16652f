import type { UserId } from '../model/user.ts';

/** The closed accounts that still have rows, inside a transaction. */
export interface WritableClosedAccounts {
  /** Records that this account was closed, until `delete`. */
  append(userId: UserId, closedAt: Date): Promise<void>;

  /**
   * Claims one closed account that no other transaction works on, in turn or at random: an account whose rows cannot be
   * deleted keeps no other waiting. No other transaction gets it until this one ends.
   */
  claim(): Promise<UserId | undefined>;

  /** Forgets a closed account, once none of its rows is left. */
  delete(userId: UserId): Promise<void>;
}
