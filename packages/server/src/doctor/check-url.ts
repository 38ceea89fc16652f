import type { Config } from '../config.ts';
import { type Finding, findingsOf, orFine } from './finding.ts';

const { ok, warning, error } = findingsOf('public url');

/** Whether a host name leads to the machine itself. */
export const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);

/** The URL that clients know, beside the address to listen on and the origins of other sites. */
export function checkUrl({ publicUrl, host, corsOrigins, database }: Config): readonly Finding[] {
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = isLoopback(hostname);
  const isServing = !isLoopback(host) || database.kind === 'postgres';
  const isPlain = protocol === 'http:' && !isLocal;
  const plainOrigins = corsOrigins.filter((origin) => {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    return url?.protocol === 'http:' && !isLoopback(url.hostname);
  });
  return orFine(
    [
      isPlain && error('PUBLIC_URL is http, so passwords and tokens can be read on their way', 'serve HTTPS'),
      isLocal &&
        isServing &&
        warning('PUBLIC_URL leads to localhost, and so do the links in mails', 'set it to the URL that clients use'),
      plainOrigins.length > 0 &&
        warning(`CORS_ORIGINS admits pages without TLS: ${plainOrigins.join(', ')}`, 'list their https origins'),
    ],
    ok(publicUrl),
  );
}
