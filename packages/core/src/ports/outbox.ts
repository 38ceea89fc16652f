import type { Email } from '../model/email.ts';
import type { MailData, MailKind } from '../model/mail.ts';
import type { UserId } from '../model/user.ts';

/** A mail to be sent: its kind and address, without its text or a token. */
export interface QueuedMail {
  readonly kind: MailKind;
  /** The address to send to. */
  readonly email: Email;
  /** The user that the mail is about; absent if only the address is known. */
  readonly userId?: UserId | undefined;
  readonly queuedAt: Date;
  /** The locale of the request that caused the mail, if the catalogue has words in it: a BCP 47 tag. */
  readonly locale?: string | undefined;
  /** The network of the caller who caused the mail, if the mail counts towards what its recipient may get. */
  readonly network?: string | undefined;
  /** What the mail states, for kinds whose words depend on it. */
  readonly data?: MailData | undefined;
}

/** A mail that a node has claimed in order to send it. */
export interface ClaimedMail extends QueuedMail {
  readonly id: number;
  /** How often it was claimed, including this time. */
  readonly attempts: number;
  /** Whether it was counted towards what its recipient may get. */
  readonly counted: boolean;
}

/** Identifies one claim of a mail. After its lease has ended, another claim may have followed. */
export type Claim = Pick<ClaimedMail, 'id' | 'attempts'>;

/** The mails that wait to be sent, whether claimed or not. */
export interface WaitingMails {
  readonly count: number;
  /** When the oldest of them was queued; `undefined` if none waits. */
  readonly oldestQueuedAt: Date | undefined;
}

/** Mails that are sent after their transaction is committed, and never if it fails. */
export interface WritableOutbox {
  append(mail: QueuedMail): Promise<void>;

  /** Claims at most so many mails that are due, oldest first. No other node can claim them until the lease ends. */
  claim(lease: { readonly at: Date; readonly until: Date; readonly limit: number }): Promise<readonly ClaimedMail[]>;

  /** Whether this claim is still valid: since then, the mail was neither cancelled nor claimed by another node. */
  holds(claim: Claim): Promise<boolean>;

  /** Notes that a mail was counted towards what its recipient may get, if the claim is still valid. */
  markCounted(claim: Claim): Promise<void>;

  /** Makes a mail due again at this moment, if the claim is still valid. */
  postpone(claim: Claim, until: Date): Promise<void>;

  /** Removes the waiting mails of this user: those of this kind, or of every kind. */
  cancel(userId: UserId, kind?: MailKind): Promise<void>;

  /** Removes the waiting mails of this kind, of every user. */
  cancelEvery(kind: MailKind): Promise<void>;

  /** Removes a mail, if the claim is still valid: the mail was sent, or is given up. */
  delete(claim: Claim): Promise<void>;

  /** How many mails wait, and for how long. */
  waiting(): Promise<WaitingMails>;
}
