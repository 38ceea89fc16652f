import type { UserId } from '../model/user.ts';

/** The accounts that were closed and still have rows, inside a transaction. */
export interface WritableClosedAccounts {
  /** Remembers that this account was closed, until `delete`. */
  append(userId: UserId, closedAt: Date): Promise<void>;

  /** One closed account that no other transaction works on; none may have it until this one ends. */
  claim(): Promise<UserId | undefined>;

  /** Forgets a closed account: none of its rows is left. */
  delete(userId: UserId): Promise<void>;
}
