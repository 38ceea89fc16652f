import type { UserId } from '../model/user.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Invalidates every link that was mailed to a user or waits in the outbox. An attacker who knew the old password may
 * have requested a link that changes the account's address.
 */
export async function forgetLinks({ oneTimeTokens, outbox }: Transaction, userId: UserId): Promise<void> {
  await oneTimeTokens.deleteAllOf(userId);
  await outbox.cancel(userId, 'change-email');
}
