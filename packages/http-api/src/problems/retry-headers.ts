import type { SallyportError } from '@sallyport/core';

/** Seconds until a retry, if the error does not say. */
const defaultRetryAfter = 1;

/** The names of the headers below, which pages of other origins may read. */
export const retryHeaderNames = [
  'Retry-After',
  'RateLimit-Policy',
  'RateLimit',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
] as const;

/**
 * The headers that say when to retry a request that was refused for now (RFC 9110, section 10.2.3), at least a second
 * later, and which quota is used up. The quota is stated as in draft-ietf-httpapi-ratelimit-headers-10 and as in its
 * early versions, which most clients read.
 */
export function retryHeaders({ code, quota, retryAfter = defaultRetryAfter }: SallyportError): {
  [Name in (typeof retryHeaderNames)[number]]?: string;
} {
  if (code !== 'unavailable' && code !== 'rate_limited') return {};
  const seconds = String(Math.ceil(retryAfter));
  return {
    'Retry-After': seconds,
    ...(quota && {
      'RateLimit-Policy': `"default";q=${quota.attempts};w=${quota.seconds}`,
      RateLimit: `"default";r=0;t=${seconds}`,
      'RateLimit-Limit': String(quota.attempts),
      'RateLimit-Remaining': '0',
      'RateLimit-Reset': seconds,
    }),
  };
}
