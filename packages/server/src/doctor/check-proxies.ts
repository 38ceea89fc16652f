import { containEveryAddress } from '@sallyport/http-api';
import type { Config } from '../config.ts';
import { isLoopback } from './check-url.ts';
import { type Finding, findingsOf, orFine } from './finding.ts';

const { ok, warning, error } = findingsOf('proxies');

/** Whose X-Forwarded-For is believed. Limits by address depend on it. */
export function checkProxies({ trustedProxies, publicUrl, host, tls }: Config): readonly Finding[] {
  const trustsAll = containEveryAddress(trustedProxies);
  const isBehindProxy = publicUrl.startsWith('https:') && tls === undefined;
  const isReachable = !isLoopback(host) && tls === undefined;
  return orFine(
    [
      trustsAll &&
        error('TRUST_PROXY trusts every address, so a client can choose its own', 'list the addresses of your proxies'),
      trustedProxies.length === 0 &&
        isBehindProxy &&
        error(
          'A proxy serves HTTPS, but TRUST_PROXY is not set: all clients count as one address, and lock each other out',
          'set TRUST_PROXY to the address of the proxy',
        ),
      trustedProxies.length === 0 &&
        isReachable &&
        !isBehindProxy &&
        warning(
          'HOST is reachable from other machines, and TRUST_PROXY is not set',
          'if a proxy is in front of the server, set TRUST_PROXY to its address',
        ),
    ],
    ok(
      trustedProxies.length === 0
        ? 'none is expected'
        : `X-Forwarded-For is believed from ${trustedProxies.join(', ')}`,
    ),
  );
}
