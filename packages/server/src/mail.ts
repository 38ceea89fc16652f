import { join } from 'node:path';
import { FileMailer, SmtpMailer } from '@sallyport/adapters-smtp';
import { isRecipientRefused, type Mailer } from '@sallyport/core';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

/** Where mails are sent, without credentials. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
}

/** A mailer, and how to close it. */
export interface Mail {
  readonly mailer: Mailer;
  /** Absent if mails are written to files. */
  readonly server?: MailServer | undefined;
  readonly close: () => void;
}

/** The directory for mails if there is no mail server. */
export function outboxDirectory({ dataDirectory }: Config): string {
  return join(dataDirectory, 'outbox');
}

/** What nodemailer and Node say of a failure. */
interface MailFailure {
  readonly code?: unknown;
  /** The code of the system, where nodemailer replaced it. */
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  /** The command that failed, without its arguments. */
  readonly command?: unknown;
}

/**
 * The same mailer, with failures logged: the mail, the mail server and the cause, but nothing that a mail server may
 * have quoted.
 */
export function tellingFailures(mailer: Mailer, log: Logger, server?: MailServer): Mailer {
  return {
    async send(mail) {
      try {
        await mailer.send(mail);
      } catch (error) {
        const refusal = isRecipientRefused(error) ? error.cause : error;
        const { code, originalCode, responseCode, command } = (refusal ?? {}) as MailFailure;
        const cause = causeOf(refusal, mail);
        const failure = { code, originalCode, responseCode, command, cause };
        log.warn({ mail: mail.id, kind: mail.kind, ...server, ...failure }, 'A mail could not be sent');
        throw error;
      }
    },
  };
}

/** The message of an error that arose here, not of what a mail server said: a reply may quote the mail. */
function causeOf(error: unknown, { to, token }: Parameters<Mailer['send']>[0]): string | undefined {
  if (!(error instanceof Error) || 'responseCode' in error || 'response' in error) return undefined;
  const isQuoting = error.message.includes(to) || (token !== undefined && error.message.includes(token));
  return isQuoting ? undefined : error.message;
}

/** Sends mails to the configured mail server, or into files. */
export function openMail(config: Config): Mail {
  const options = { from: config.mailFrom, publicUrl: config.publicUrl };
  if (config.smtpUrl === undefined) {
    return { mailer: new FileMailer(outboxDirectory(config), options), close: () => {} };
  }
  const mailer = new SmtpMailer(config.smtpUrl, options);
  const { protocol, hostname, port } = new URL(config.smtpUrl);
  const server = { host: hostname, port: Number(port) || (protocol === 'smtps:' ? 465 : 587) };
  return { mailer, server, close: () => mailer.close() };
}
