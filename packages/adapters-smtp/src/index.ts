export { FileMailer } from './file-mailer.ts';
export { isMailbox } from './mailbox.ts';
export type { MessageOptions } from './message.ts';
export { type MailServerFacts, verifyMailServer } from './verify-mail-server.ts';
export { SmtpMailer } from './smtp-mailer.ts';
