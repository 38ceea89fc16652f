import type { Mail, Mailer } from '@sallyport/core';
import { type MessageOptions, toMessage } from './message.ts';
import { asRecipientRefusal } from './recipient-refusal.ts';

/**
 * Milliseconds for one mail. This is less than the minute of its lease, after which another node would send it as well.
 */
const longEnough = 30_000;

/** Milliseconds until a connection is ready for its first mail. The first two limits are parts of the third. */
const setupLimits = { dnsTimeout: 10_000, greetingTimeout: 15_000, connectionTimeout: 20_000 };

/**
 * Few enough connections for a mail server to accept from one sender, and more than two batches of mails that it
 * delays.
 */
const maxConnections = 12;

/** Sends mails through a mail server (RFC 5321), over a few connections that stay open. */
export class SmtpMailer implements Mailer {
  readonly #url: string;
  readonly #options: MessageOptions;
  readonly #timeout: number;
  #transport: ReturnType<typeof openTransport> | undefined;
  readonly #sending = new Set<AbortController>();
  #isClosed = false;

  /**
   * @param url `smtp://user:password@host:port`, or `smtps://…`; with `?requireTLS=true` the former requires TLS too
   * @param timeout milliseconds that a mail may take, including its wait for a connection
   */
  constructor(url: string, options: MessageOptions, timeout = longEnough) {
    this.#url = url;
    this.#options = options;
    this.#timeout = timeout;
  }

  /**
   * Sends a mail. After the timeout, it rejects and closes the connection of the mail.
   *
   * @throws RecipientRefusedError when the mail server permanently refuses the recipient
   */
  async send(mail: Mail): Promise<void> {
    const sending = new AbortController();
    const { signal } = sending;
    this.#sending.add(sending);
    // Not AbortSignal.any: on Node 20 its result, and the timer in it, can be garbage-collected before it fires.
    const timer = setTimeout(() => sending.abort(), this.#timeout);
    if (this.#isClosed) sending.abort();
    try {
      await Promise.race([this.#deliver(mail, signal), rejectOnAbort(signal)]);
    } finally {
      clearTimeout(timer);
      this.#sending.delete(sending);
    }
  }

  /** Aborts current mails and closes the connections. No mail can be sent afterwards. */
  close(): void {
    this.#isClosed = true;
    for (const sending of this.#sending) sending.abort();
    void this.#transport?.then((transport) => transport.close());
  }

  async #deliver(mail: Mail, signal: AbortSignal): Promise<void> {
    const transport = await (this.#transport ??= openTransport(this.#url, this.#timeout));
    try {
      await transport.sendMail({ ...toMessage(mail, this.#options), signal });
    } catch (error) {
      throw asRecipientRefusal(error);
    }
  }
}

async function openTransport(url: string, timeout: number) {
  // Loaded with the first mail: a start need not wait for it.
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    pool: true,
    maxConnections,
    ...setupLimits,
    // Without these limits, a server that stops answering between two mails blocks a connection for ten minutes.
    socketTimeout: timeout,
    idleTimeout: (timeout * 2) / 3,
    socketCloseTimeout: 0,
  });
}

/** Rejects even if nodemailer does not notice the signal. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(new Error('Message sending aborted'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
