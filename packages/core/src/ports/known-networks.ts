import type { Email } from '../model/email.ts';
import type { UserId } from '../model/user.ts';

/** Reads the networks that accounts are known to use, outside any transaction. */
export interface KnownNetworks {
  /**
   * Whether the account with this e-mail address is known to use this network at this moment. It takes one read, also if
   * there is no such account.
   */
  isKnown(email: Email, network: string, at: Date): Promise<boolean>;
}

/** Writes the networks that accounts are known to use, inside a transaction. */
export interface WritableKnownNetworks {
  /**
   * Remembers a network of an account until this moment, or longer if it is remembered for longer already. Of the
   * account's other networks, only those that are remembered for longest stay, so that there are `keep` of them.
   */
  remember(userId: UserId, network: string, until: Date, keep: number): Promise<void>;

  /** Forgets at most so many networks whose time is over, and returns how many. */
  purge(at: Date, limit: number): Promise<number>;

  /** Forgets at most so many networks of an account, and returns how many: 0 only if none is left. */
  purgeAllOf(userId: UserId, limit: number): Promise<number>;
}
