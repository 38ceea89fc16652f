import { join } from 'node:path';
import { FileMailer, SmtpMailer } from '@sallyport/adapters-smtp';
import type { Mailer } from '@sallyport/core';
import type { Config } from './config.ts';

/** A way for mails to go. */
export interface Mail {
  readonly mailer: Mailer;
  readonly close: () => void;
}

/** Where mails are put that no mail server is there for. */
export function outboxDirectory({ dataDirectory }: Config): string {
  return join(dataDirectory, 'outbox');
}

/** To the mail server that the configuration names, or into files. */
export function openMail(config: Config): Mail {
  const options = { from: config.mailFrom, publicUrl: config.publicUrl };
  if (config.smtpUrl === undefined) {
    return { mailer: new FileMailer(outboxDirectory(config), options), close: () => {} };
  }
  const mailer = new SmtpMailer(config.smtpUrl, options);
  return { mailer, close: () => mailer.close() };
}
