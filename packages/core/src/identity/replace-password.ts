import { forgetLinks } from '../links/forget-links.ts';
import { notify, type Notifying } from '../mails/queue-mail.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import type { Proof } from '../model/proof.ts';
import type { User } from '../model/user.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A new password, and the account that it is for. */
export interface NewPasswordOf {
  readonly user: User;
  readonly proof: Proof;
  readonly passwordHash: string;
  readonly at: Date;
}

/** The outcome of a new password. */
export interface ReplacedPassword {
  /** The owner's proof, for the new credentials. */
  readonly proof: Proof;
  readonly sessionsEnded: number;
}

/**
 * Sets the password of an account that this transaction has locked, for an owner whose proof is valid, and tells the
 * owner by mail. Every session ends and mailed links become invalid, because a thief may have either.
 */
export async function replacePassword(
  needs: Notifying,
  transaction: Transaction,
  caller: Anyone,
  { user, proof, passwordHash, at }: NewPasswordOf,
): Promise<ReplacedPassword> {
  const { users, sessions, audit } = transaction;
  const { id } = user;
  // The owner opened a mailed link, which proves the address.
  const verifies = proof.methods.includes('otp') && !user.emailVerified;
  const changed = await users.changeCredentials(id, { passwordHash, ...(verifies && { emailVerified: true }) });
  if (verifies) await audit.append(eventOf('user.email_verified', caller, at, id));
  await forgetLinks(transaction, id);
  const sessionsEnded = await sessions.endAllOf(id, at);
  await notify(needs, transaction, caller, user, { kind: 'password-changed', at });
  return { proof: { ...proof, securityVersion: changed?.securityVersion ?? 0 }, sessionsEnded };
}
