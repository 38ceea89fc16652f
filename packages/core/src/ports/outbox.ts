import type { Email } from '../model/email.ts';
import type { UserId } from '../model/user.ts';

/** Every kind of mail. */
export const mailKinds = [
  'verify-email',
  'reset-password',
  'change-email',
  'email-change-requested',
  'session-stolen',
  'invitation',
] as const;
export type MailKind = (typeof mailKinds)[number];

/** A mail to be sent: its kind and address, never its text or a token. */
export interface QueuedMail {
  readonly kind: MailKind;
  /** The address that it was asked for. */
  readonly email: Email;
  /** Whose account it is about; absent where only the address is known. */
  readonly userId?: UserId | undefined;
  readonly queuedAt: Date;
}

/** A mail that somebody has claimed in order to send it. */
export interface ClaimedMail extends QueuedMail {
  readonly id: number;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

/** What tells one claim of a mail from every other. One whose lease ended may have been followed by the next. */
export type Claim = Pick<ClaimedMail, 'id' | 'attempts'>;

/** Mails that leave once their transaction is committed, and never otherwise. */
export interface WritableOutbox {
  append(mail: QueuedMail): Promise<void>;

  /** Claims at most so many mails that are due, oldest first, for nobody else to claim until the lease ends. */
  claim(lease: { readonly at: Date; readonly until: Date; readonly limit: number }): Promise<readonly ClaimedMail[]>;

  /** Whether this claim still counts: the mail was neither cancelled nor claimed by anybody else since. */
  holds(claim: Claim): Promise<boolean>;

  /** Makes a mail due again at this moment, if the claim still counts. */
  postpone(claim: Claim, until: Date): Promise<void>;

  /** Takes out what waits to be sent for this user: mails of this kind, or of every kind. */
  cancel(userId: UserId, kind?: MailKind): Promise<void>;

  /** Takes a mail out, if the claim still counts: it was sent, or never will be. */
  delete(claim: Claim): Promise<void>;
}
