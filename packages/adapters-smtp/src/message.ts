import type { Mail } from '@sallyport/core';
import type { SendMailOptions } from 'nodemailer';
import { nameIn, toLetter } from './letters.ts';

/** What every mail of a deployment has in common. */
export interface MessageOptions {
  /** RFC 5322 `From`: an address, or `Name <address>`. */
  readonly from: string;
  /** What links begin with. */
  readonly publicUrl: string;
}

interface Message extends SendMailOptions {
  readonly headers: Readonly<Record<'Auto-Submitted', string>>;
}

/** A mail as nodemailer takes it. Addresses go as objects, which no parser has to take apart. */
export function toMessage(mail: Mail, { from, publicUrl }: MessageOptions): Message {
  return {
    ...toLetter(mail, publicUrl),
    from,
    to: { name: nameIn(mail), address: mail.to },
    messageId: `<${mail.id}@${new URL(publicUrl).hostname}>`,
    // RFC 3834: nobody's holiday notice has to answer this.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
