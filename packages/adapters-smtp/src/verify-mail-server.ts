/** Milliseconds until a mail server must have answered. */
const timeout = 10_000;

/** What a mail server offers. */
export interface MailServerFacts {
  /** Whether mails are sent over TLS. */
  readonly isEncrypted: boolean;
}

/**
 * Connects to a mail server, greets it and logs in, if the URL has credentials. No mail is sent.
 *
 * @param url as for `SmtpMailer`
 * @throws Error of nodemailer, whose message may quote the mail server
 */
export async function verifyMailServer(url: string): Promise<MailServerFacts> {
  await connect(url, {});
  if (url.startsWith('smtps:')) return { isEncrypted: true };
  const isEncrypted = await connect(url, { requireTLS: true }).catch(() => false);
  return { isEncrypted };
}

async function connect(url: string, options: { readonly requireTLS?: boolean }): Promise<boolean> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url,
    dnsTimeout: timeout,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    ...options,
  });
  try {
    return await transport.verify();
  } finally {
    transport.close();
  }
}
