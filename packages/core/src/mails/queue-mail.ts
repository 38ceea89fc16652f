import { networkOf } from '../model/address-block.ts';
import { type Anyone, isOperator } from '../model/caller.ts';
import { unstorableFact } from '../model/json.ts';
import type { MailData, MailKind, SecurityNotice } from '../model/mail.ts';
import type { Policy } from '../model/policy.ts';
import type { User } from '../model/user.ts';
import type { QueuedMail } from '../ports/outbox.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { localeFor } from './recipient.ts';

/** What a use case needs in order to queue a mail. */
export interface Mailing {
  readonly policy: Pick<Policy, 'mails'>;
}

/**
 * Queues a mail that this caller causes, in the caller's language if the catalogue has it. The recipient's own language
 * is looked up when the mail is sent, and comes first. The mail counts towards what its recipient may get, unless an
 * admin or the system causes it.
 *
 * @throws Error if the catalogue has no letter of this kind, or if its data cannot be stored
 */
export async function queueMail(
  { policy }: Mailing,
  transaction: Pick<Transaction, 'outbox'>,
  caller: Anyone,
  mail: Omit<QueuedMail, 'locale' | 'network'>,
): Promise<void> {
  const locale = policy.mails.localeFor(caller.locales ?? []);
  const network = networkToCount(caller);
  await append(policy, transaction, { ...mail, locale, network });
}

/** What a use case needs in order to queue a security notice. */
export interface Notifying {
  readonly policy: Pick<Policy, 'mails' | 'profile'>;
}

/** A security notice: its kind, when it is queued, and what it states. */
export interface Notice {
  readonly kind: SecurityNotice;
  readonly at: Date;
  readonly data?: MailData | undefined;
}

/**
 * Queues a security notice to the address that an account had before the change that the notice is about. It is sent
 * whatever becomes of the account, and counts apart from other mails, so that they cannot suppress it. An attacker may
 * have registered a stranger's address, so an address that is not verified gets fewer of them.
 */
export async function notify(
  { policy }: Notifying,
  transaction: Pick<Transaction, 'outbox'>,
  caller: Anyone,
  { email, emailVerified, profile }: Pick<User, 'email' | 'emailVerified' | 'profile'>,
  { kind, at, data }: Notice,
): Promise<void> {
  const locale = localeFor(policy, { profile }, caller.locales ?? []);
  const network = emailVerified ? undefined : networkToCount(caller);
  await append(policy, transaction, { kind, email, queuedAt: at, data, locale, network });
}

async function append(
  { mails }: Pick<Policy, 'mails'>,
  { outbox }: Pick<Transaction, 'outbox'>,
  mail: QueuedMail,
): Promise<void> {
  const kinds: readonly MailKind[] = mails.kinds;
  if (!kinds.includes(mail.kind)) throw new Error(`The mails have no letter for "${mail.kind}"`);
  const name = unstorableFact(mail.data ?? {});
  if (name !== undefined) {
    throw new Error(`The value "${name}" of the mail "${mail.kind}" is no text, number or boolean that can be stored`);
  }
  await outbox.append(mail);
}

/** Admins and the system are trusted with mails. */
function networkToCount(caller: Anyone): string | undefined {
  return isOperator(caller) ? undefined : networkOf(caller.ip);
}
