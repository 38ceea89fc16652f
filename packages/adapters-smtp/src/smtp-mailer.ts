import type { Mail, Mailer } from '@sallyport/core';
import { createTransport } from 'nodemailer';
import { type MessageOptions, toMessage } from './message.ts';

/** Milliseconds for one mail, less than the minute for which it is claimed: else another node sends it as well. */
const longEnough = 30_000;

/** Hands mails to a mail server (RFC 5321), over a few connections that it keeps. */
export class SmtpMailer implements Mailer {
  readonly #options: MessageOptions;
  readonly #timeout: number;
  readonly #transport;

  /**
   * @param url `smtp://user:password@host:port`, or `smtps://…`; with `?requireTLS=true` the former insists on TLS too
   * @param timeout milliseconds that a mail may take, its wait for a connection included
   */
  constructor(url: string, options: MessageOptions, timeout = longEnough) {
    this.#options = options;
    this.#timeout = timeout;
    this.#transport = createTransport({ url, pool: true, maxConnections: 2 });
  }

  async send(mail: Mail): Promise<void> {
    const signal = AbortSignal.timeout(this.#timeout);
    await this.#transport.sendMail({ ...toMessage(mail, this.#options), signal });
  }

  /** Closes the connections once they have sent what they are sending. No mail can be sent from then on. */
  close(): void {
    this.#transport.close();
  }
}
