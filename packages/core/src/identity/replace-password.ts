import { forgetLinks } from '../links/forget-links.ts';
import type { Proof } from '../model/proof.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** The outcome of a new password. */
export interface ReplacedPassword {
  /** The owner's proof, for the new credentials. */
  readonly proof: Proof;
  readonly sessionsEnded: number;
}

/**
 * Sets the password of an account that this transaction has locked, for an owner whose proof is valid. Every session
 * ends and mailed links become invalid, because a thief may have either.
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
    // The owner opened a mailed link, which proves the address.
    ...(methods.includes('otp') && { emailVerified: true }),
  });
  await forgetLinks(transaction, userId);
  const sessionsEnded = await sessions.endAllOf(userId, at);
  return { proof: { ...proof, securityVersion: changed?.securityVersion ?? 0 }, sessionsEnded };
}
