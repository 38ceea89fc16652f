import type { Email } from '../model/email.ts';
import { type MailKind, mailKinds } from '../model/mail.ts';
import { secondsAfter } from '../model/policy.ts';
import type { UserId } from '../model/user.ts';
import type { ClaimedMail, QueuedMail } from '../ports/outbox.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';
import { noon } from './samples.ts';

/** An instance of `WritableOutbox` for its contract. */
export interface OutboxInstance {
  readonly unitOfWork: UnitOfWorkOn<'outbox'>;
  readonly arrange: Pick<ArrangeUsers, 'user' | 'deleteUser'>;
}

/** Every kind of mail of the core, and one of a module. */
export const kinds: readonly MailKind[] = [...mailKinds, 'comments.added'];

/** A mail of every kind, to an address that names it. */
export function newMails(userId?: UserId): readonly QueuedMail[] {
  return kinds.map((kind) => ({ kind, email: `${kind}@example.com` as Email, userId, queuedAt: noon }));
}

/** Appends these mails in one transaction, and returns them. */
export async function addMails(
  { unitOfWork }: OutboxInstance,
  mails: readonly QueuedMail[],
): Promise<readonly QueuedMail[]> {
  await unitOfWork.run(async ({ outbox }) => {
    for (const mail of mails) await outbox.append(mail);
  });
  return mails;
}

/** Claims mails for a minute. */
export function claim({ unitOfWork }: OutboxInstance, at: Date, limit = 100): Promise<readonly ClaimedMail[]> {
  return unitOfWork.run(({ outbox }) => outbox.claim({ at, until: secondsAfter(at, 60), limit }));
}

/** The mails as they were appended. */
export function withoutClaim(mails: readonly ClaimedMail[]): readonly QueuedMail[] {
  return mails.map(({ id: _, attempts: __, counted: ___, ...mail }) => mail);
}
