import type { Mail, Mailer } from '@sallyport/core';
import { createTransport } from 'nodemailer';
import { type MessageOptions, toMessage } from './message.ts';

/** Milliseconds for one mail, less than the minute for which it is claimed: else another node sends it as well. */
const longEnough = 30_000;

/** Milliseconds until a connection is ready for its first mail. The first two limits are parts of the third. */
const setupLimits = { dnsTimeout: 10_000, greetingTimeout: 15_000, connectionTimeout: 20_000 };

/** Few enough for a mail server to take from one sender, and more than two batches of mails that it keeps waiting. */
const maxConnections = 12;

/** Hands mails to a mail server (RFC 5321), over a few connections that it keeps. */
export class SmtpMailer implements Mailer {
  readonly #options: MessageOptions;
  readonly #timeout: number;
  readonly #transport;
  readonly #sending = new Set<AbortController>();
  #isClosed = false;

  /**
   * @param url `smtp://user:password@host:port`, or `smtps://…`; with `?requireTLS=true` the former insists on TLS too
   * @param timeout milliseconds that a mail may take, its wait for a connection included
   */
  constructor(url: string, options: MessageOptions, timeout = longEnough) {
    this.#options = options;
    this.#timeout = timeout;
    this.#transport = createTransport({
      url,
      pool: true,
      maxConnections,
      ...setupLimits,
      // Without these, a server that falls silent between two mails keeps a connection for ten minutes.
      socketTimeout: timeout,
      idleTimeout: (timeout * 2) / 3,
      socketCloseTimeout: 0,
    });
  }

  /** Rejects when the timeout has passed, and closes the connection that the mail was on. */
  async send(mail: Mail): Promise<void> {
    const sending = new AbortController();
    const { signal } = sending;
    this.#sending.add(sending);
    // Not AbortSignal.any: on Node 20 its result, and the timer in it, can be garbage-collected before it fires.
    const timer = setTimeout(() => sending.abort(), this.#timeout);
    if (this.#isClosed) sending.abort();
    try {
      const message = { ...toMessage(mail, this.#options), signal };
      await Promise.race([this.#transport.sendMail(message), rejectOnAbort(signal)]);
    } finally {
      clearTimeout(timer);
      this.#sending.delete(sending);
    }
  }

  /** Breaks off what is being sent, and closes the connections. No mail can be sent from then on. */
  close(): void {
    this.#isClosed = true;
    for (const sending of this.#sending) sending.abort();
    this.#transport.close();
  }
}

/** Rejects even where nodemailer does not notice the signal. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(new Error('Message sending aborted'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
