import { SallyportError } from '../model/errors.ts';
import type { User, UserId } from '../model/user.ts';
import type { OneTimeToken, TokenPurpose } from '../ports/one-time-tokens.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A link that was mailed, as whoever follows it shows it. */
export interface ShownLink {
  /** Whom it belonged to when it was looked up. */
  readonly ownerId: UserId;
  readonly digest: string;
  readonly purposes: readonly TokenPurpose[];
  readonly at: Date;
}

/** A link that was used up, and the account that it is about, locked. */
export interface UsedLink {
  readonly link: OneTimeToken;
  readonly user: User;
}

/**
 * Uses a link up, if it still proves something of the account: that is in use, and at the address to which
 * the link was mailed, unless it is to move there. The account is locked first, as by everybody who
 * changes one: those who lock in another order wait for each other for ever.
 *
 * @throws SallyportError `invalid_one_time_token`
 */
export async function useLink(
  { users, oneTimeTokens }: Transaction,
  { ownerId, digest, purposes, at }: ShownLink,
): Promise<UsedLink> {
  const owner = await users.lockCredentials(ownerId);
  const link = await oneTimeTokens.consume(digest, purposes, at);
  const leadsThere = link?.purpose === 'change-email' || link?.email === owner?.user.email;
  if (!owner?.user.isActive || !link || !leadsThere) throw new SallyportError('invalid_one_time_token');
  return { link, user: owner.user };
}
