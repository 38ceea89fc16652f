import { outboxDirectory } from '../mail.ts';
import type { Opened } from './with-application.ts';

/**
 * Says how a mail that was queued just now leaves. With a mail server, the nodes send it. Without one, it is written to
 * a file at once, because the server of an embedded database does not run now.
 */
export async function deliver({ application, system, config }: Opened): Promise<string> {
  if (config.smtpUrl !== undefined) return 'The server sends the mail within seconds, or at its next start';
  while ((await application.sendMails.execute(system)) > 0);
  return `There is no mail server: the mail is a file in ${outboxDirectory(config)}, and its header X-Link has the link`;
}
