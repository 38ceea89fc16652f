import type { Mail, Mailer } from '@sallyport/core';
import { createTransport } from 'nodemailer';
import { type MessageOptions, toMessage } from './message.ts';

/** Milliseconds for one mail, less than the minute for which it is claimed: else another node sends it as well. */
const longEnough = 30_000;

/** Few enough for a mail server to take from one sender, and more than two batches of mails that it keeps waiting. */
const maxConnections = 12;

/** Hands mails to a mail server (RFC 5321), over a few connections that it keeps. */
export class SmtpMailer implements Mailer {
  readonly #options: MessageOptions;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  readonly #transport;

  /**
   * @param url `smtp://user:password@host:port`, or `smtps://…`; with `?requireTLS=true` the former insists on TLS too
   * @param timeout milliseconds that a mail may take, its wait for a connection included
   */
  constructor(url: string, options: MessageOptions, timeout = longEnough) {
    this.#options = options;
    this.#timeout = timeout;
    this.#transport = createTransport({ url, pool: true, maxConnections });
  }

  async send(mail: Mail): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(this.#timeout), this.#closing.signal]);
    await this.#transport.sendMail({ ...toMessage(mail, this.#options), signal });
  }

  /** Breaks off what is being sent, and closes the connections. No mail can be sent from then on. */
  close(): void {
    this.#closing.abort();
    this.#transport.close();
  }
}
