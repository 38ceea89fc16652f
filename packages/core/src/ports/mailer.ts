import type { Email } from '../model/email.ts';
import type { MailKind } from './outbox.ts';

/** What a mail says, for its kind's template to put into words. */
export interface Mail {
  /** The same for each attempt at one mail, and for no other. */
  readonly id: string;
  readonly kind: MailKind;
  readonly to: Email;
  /** The name of the person it is for. */
  readonly name: string;
  /** With the kinds that carry a link. */
  readonly token?: string | undefined;
  /** Until when the token holds. */
  readonly expiresAt?: Date | undefined;
}

/** Takes mails to those whom they are for. */
export interface Mailer {
  /**
   * Resolves once another server has taken over the delivery; rejects where it should be tried again. Settles within
   * 30 seconds: a minute after a node has claimed a mail, another node sends it.
   */
  send(mail: Mail): Promise<void>;
}
