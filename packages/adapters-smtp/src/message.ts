import type { Mail } from '@sallyport/core';
import type { SendMailOptions } from 'nodemailer';
import { toLetter } from './letters.ts';

/** The options that all mails of a deployment share. */
export interface MessageOptions {
  /** RFC 5322 `From`: an address, or `Name <address>`. */
  readonly from: string;
  /** The beginning of every link. */
  readonly publicUrl: string;
}

interface Message extends SendMailOptions {
  readonly headers: Readonly<Record<'Auto-Submitted', string>>;
}

/** A mail as nodemailer takes it. Addresses are passed as objects, so that nothing has to parse them. */
export function toMessage(mail: Mail, { from, publicUrl }: MessageOptions): Message {
  return {
    ...toLetter(mail, publicUrl),
    from,
    to: { name: mail.name ?? '', address: mail.to },
    messageId: `<${mail.id}@${new URL(publicUrl).hostname}>`,
    // Prevents automatic replies (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
