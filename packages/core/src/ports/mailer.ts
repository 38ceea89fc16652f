import type { Email } from '../model/email.ts';
import type { MailKind } from './outbox.ts';

/** The content of a mail. The template of its kind puts it into words. */
export interface Mail {
  /** The id of the mail. It is the same for every attempt to send the mail, and no other mail has it. */
  readonly id: string;
  readonly kind: MailKind;
  readonly to: Email;
  /** The name of the recipient. */
  readonly name: string;
  /** The token of the link, for kinds that carry one. */
  readonly token?: string | undefined;
  /** When the token expires. */
  readonly expiresAt?: Date | undefined;
}

/** Delivers mails to their recipients. */
export interface Mailer {
  /**
   * Resolves once another server has accepted the mail. Rejects if the mail should be tried again. Settles within 30
   * seconds: a minute after a node has claimed a mail, another node sends it.
   */
  send(mail: Mail): Promise<void>;
}
