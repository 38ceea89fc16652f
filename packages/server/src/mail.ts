import { join } from 'node:path';
import { FileMailer, SmtpMailer } from '@sallyport/adapters-smtp';
import type { Mailer } from '@sallyport/core';
import type { Logger } from 'pino';
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

/**
 * The same mailer, but the log tells what could not be sent: which mail and by which code, and nothing that a
 * mail server may have quoted.
 */
export function tellingFailures(mailer: Mailer, log: Logger): Mailer {
  return {
    async send(mail) {
      try {
        await mailer.send(mail);
      } catch (error) {
        const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
        log.warn({ mail: mail.id, kind: mail.kind, code, responseCode }, 'A mail could not be sent');
        throw error;
      }
    },
  };
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
