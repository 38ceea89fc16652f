import { join } from 'node:path';
import { FileMailer, SmtpMailer } from '@sallyport/adapters-smtp';
import type { Mailer } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

/** A mailer, and how to close it. */
export interface Mail {
  readonly mailer: Mailer;
  readonly close: () => void;
}

/** The directory for mails if there is no mail server. */
export function outboxDirectory({ dataDirectory }: Config): string {
  return join(dataDirectory, 'outbox');
}

/**
 * The same mailer, with failures logged: the mail and the error code, but nothing that a mail server may have quoted.
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

/** Sends mails to the configured mail server, or into files. */
export function openMail(config: Config): Mail {
  const options = { from: config.mailFrom, publicUrl: config.publicUrl };
  if (config.smtpUrl === undefined) {
    return { mailer: new FileMailer(outboxDirectory(config), options), close: () => {} };
  }
  const mailer = new SmtpMailer(config.smtpUrl, options);
  return { mailer, close: () => mailer.close() };
}
