import type { MailServerFacts } from '@sallyport/adapters-smtp';
import { type Finding, findingsOf } from './finding.ts';

const { ok, warning, error } = findingsOf('mail');

/** Whether the mail server greets us and lets us log in. Nothing is sent. */
export async function checkMail(
  { url, outbox }: { readonly url: string | undefined; readonly outbox: string },
  verify: (url: string) => Promise<MailServerFacts>,
): Promise<readonly Finding[]> {
  if (url === undefined) {
    return [warning(`There is no mail server: mails are files in ${outbox}`, 'set SMTP_URL, or members get no links')];
  }
  const { host } = new URL(url);
  try {
    const { isEncrypted } = await verify(url);
    if (isEncrypted) return [ok(`${host} accepts mails over TLS`)];
    return [warning(`${host} offers no TLS: links can be read on their way`, 'use smtps:// or a server with STARTTLS')];
  } catch (failure) {
    // A message may quote the reply of the mail server, and so the credentials.
    const { code = 'no reason given', responseCode = '' } = failure as Partial<Record<string, string>>;
    const why = `${code} ${responseCode}`.trim();
    return [error(`${host} does not accept mails: ${why}`, 'check SMTP_URL: host, port, user and password')];
  }
}
