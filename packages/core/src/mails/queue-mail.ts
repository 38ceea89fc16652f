import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import type { QueuedMail } from '../ports/outbox.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** What a use case needs in order to queue a mail. */
export interface Mailing {
  readonly policy: Pick<Policy, 'mails'>;
}

/**
 * Queues a mail that this caller causes, in the caller's language if the catalogue has it. The recipient's own language
 * is looked up when the mail is sent, and comes first.
 *
 * @throws Error if the catalogue has no letter of this kind
 */
export async function queueMail(
  { policy }: Mailing,
  { outbox }: Pick<Transaction, 'outbox'>,
  caller: Origin,
  mail: Omit<QueuedMail, 'locale'>,
): Promise<void> {
  const { mails } = policy;
  if (!mails.kinds.includes(mail.kind)) throw new Error(`The mails have no letter for "${mail.kind}"`);
  await outbox.append({ ...mail, locale: mails.localeFor(caller.locales ?? []) });
}
