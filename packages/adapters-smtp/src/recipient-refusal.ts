import { RecipientRefusedError } from '@sallyport/core';

/** What nodemailer knows of a command that a mail server refused. */
interface Refusal {
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** Replies that refuse a mailbox (RFC 5321, section 4.2.3), or a domain that accepts no mail (RFC 7504). */
const mailboxReplies = [550, 551, 553, 556];

/**
 * Enhanced status codes that refuse the recipient (RFC 3463, sections 3.2 and 3.3): addressing, except for the sender's
 * own (5.1.7 and 5.1.8), and a mailbox that is disabled. 5.4.1 is how Exchange refuses an unknown recipient. A full
 * mailbox (5.2.2) may have room later.
 */
const recipientCodes = /^5\.(1\.([1-6]|10)|2\.1|4\.1)$/;

/** Enhanced status codes that say no more than the reply itself. */
const unspecificCodes = /^5\.([015]\.0)$/;

/** Words of replies that refuse the sender or a policy, where no code tells them from an unknown mailbox. */
const aboutSender = /relay|auth|rcpthosts|block|black|spam|policy|sender|reputation|denied/i;

/**
 * The error for a mail whose recipient the mail server refused permanently; any other error stays as it is. The reply
 * must be to `RCPT TO`: a refusal of the login, the sender or the message is no fault of the recipient, and may end.
 */
export function asRecipientRefusal(error: unknown): unknown {
  const { command, responseCode, response } = (error ?? {}) as Refusal;
  if (command !== 'RCPT TO' || typeof responseCode !== 'number' || typeof response !== 'string') return error;
  return refusesRecipient(responseCode, response)
    ? new RecipientRefusedError((error as Error).message, { cause: error })
    : error;
}

function refusesRecipient(reply: number, text: string): boolean {
  const [, code] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/.exec(text) ?? [];
  if (reply < 500 || (code !== undefined && !code.startsWith('5.'))) return false;
  if (code !== undefined && !unspecificCodes.test(code)) return recipientCodes.test(code);
  // The address itself may contain any of the words.
  return mailboxReplies.includes(reply) && !aboutSender.test(text.replaceAll(/<[^<>]*>/g, ''));
}
