import type { MailWords } from '../model/catalogue/words.ts';
import type { Email } from '../model/email.ts';
import type { MailData, MailKind } from '../model/mail.ts';

/** A mail to deliver: its words, and what they were chosen by, for a mailer with templates of its own. */
export interface Mail {
  /** The id of the mail. It is the same for every attempt to send the mail, and no other mail has it. */
  readonly id: string;
  readonly kind: MailKind;
  readonly to: Email;
  /**
   * The name of the recipient. Absent if the mail must not contain it: the address is not verified, or the name looks
   * like a link.
   */
  readonly name?: string | undefined;
  /** The token of the link, for kinds that carry one. The link is `PUBLIC_URL/page?token=…`, with `words.action.page`. */
  readonly token?: string | undefined;
  /** When the token expires. */
  readonly expiresAt?: Date | undefined;
  /** The recipient's locale, or the default: a BCP 47 tag. */
  readonly locale: string;
  /** What the mail states, for kinds whose words depend on it. */
  readonly data?: MailData | undefined;
  /** The words of this mail. They are plain text. */
  readonly words: MailWords;
}

/** Delivers mails to their recipients. */
export interface Mailer {
  /**
   * Resolves once another server has accepted the mail. Rejects if the mail should be tried again, or with a
   * `RecipientRefusedError` if it should not. Settles within 30 seconds: a minute after a node has claimed a mail,
   * another node sends it.
   */
  send(mail: Mail): Promise<void>;
}

/**
 * The recipient's address was refused permanently, for example because the mailbox does not exist (RFC 5321, section
 * 4.2.1). The mail is given up at once. A refusal that is not about the recipient is another error.
 */
export class RecipientRefusedError extends Error {
  override readonly name = 'RecipientRefusedError';
}

/** Whether an error is a `RecipientRefusedError`, of any copy of this package. */
export function isRecipientRefused(error: unknown): error is RecipientRefusedError {
  return error instanceof Error && error.name === 'RecipientRefusedError';
}
