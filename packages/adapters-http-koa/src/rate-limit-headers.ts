import type { SallyportError } from '@sallyport/core';
import type { Context } from './context.ts';

/** Seconds after which to try again, where nobody knows better. */
const defaultRetryAfter = 1;

/** Says when to try again (RFC 9110, section 10.2.3), at the earliest in a second. */
export function retryLater(ctx: Context, seconds: number = defaultRetryAfter): void {
  ctx.set('Retry-After', String(Math.ceil(seconds)));
}

/**
 * Says which quota is used up and until when: in the fields of draft-ietf-httpapi-ratelimit-headers-10, and in
 * those of its early versions, which is what most clients read.
 */
export function tellQuota(ctx: Context, { quota, retryAfter = defaultRetryAfter }: SallyportError): void {
  if (!quota) return;
  const reset = Math.ceil(retryAfter);
  ctx.set('RateLimit-Policy', `"default";q=${quota.attempts};w=${quota.seconds}`);
  ctx.set('RateLimit', `"default";r=0;t=${reset}`);
  ctx.set('RateLimit-Limit', String(quota.attempts));
  ctx.set('RateLimit-Remaining', '0');
  ctx.set('RateLimit-Reset', String(reset));
}
