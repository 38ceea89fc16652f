import type { UserId } from '../model/user.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Makes worthless what was mailed to a user, or is about to be. Whoever knew the password before may have
 * asked for a link that moves the account.
 */
export async function forgetLinks({ oneTimeTokens, outbox }: Transaction, userId: UserId): Promise<void> {
  await oneTimeTokens.deleteAllOf(userId);
  await outbox.cancel(userId, 'change-email');
}
