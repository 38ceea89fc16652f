import { forgetLinks } from '../links/forget-links.ts';
import type { Proof } from '../model/proof.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** What a new password for the owner of an account does. */
export interface ReplacedPassword {
  /** The owner's proof, for the credentials as they are now. */
  readonly proof: Proof;
  readonly sessionsEnded: number;
}

/**
 * Sets the password of an account that this transaction has locked, for an owner whose proof holds. Every session ends
 * and mailed links become invalid: a thief may hold either.
 */
export async function replacePassword(
  transaction: Transaction,
  proof: Proof,
  passwordHash: string,
  at: Date,
): Promise<ReplacedPassword> {
  const { users, sessions } = transaction;
  const { userId, methods } = proof;
  const changed = await users.changeCredentials(userId, {
    passwordHash,
    // A link reached its owner by mail.
    ...(methods.includes('otp') && { emailVerified: true }),
  });
  await forgetLinks(transaction, userId);
  const sessionsEnded = await sessions.endAllOf(userId, at);
  return { proof: { ...proof, securityVersion: changed?.securityVersion ?? 0 }, sessionsEnded };
}
