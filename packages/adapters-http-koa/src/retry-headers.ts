import { isSallyportError } from '@sallyport/core';
import type { Context } from './context.ts';

/** Seconds until a retry, if the error does not say. */
const defaultRetryAfter = 1;

/**
 * Sets the headers that say when to retry a request that was refused for now (RFC 9110, section 10.2.3), at least a
 * second later, and which quota is used up. The quota is stated as in draft-ietf-httpapi-ratelimit-headers-10 and as in
 * its early versions, which most clients read.
 */
export function tellWhenToRetry(ctx: Context, error: unknown): void {
  if (!isSallyportError(error) || !['unavailable', 'rate_limited'].includes(error.code)) return;
  const { quota, retryAfter = defaultRetryAfter } = error;
  const seconds = Math.ceil(retryAfter);
  ctx.set('Retry-After', String(seconds));
  if (!quota) return;
  ctx.set('RateLimit-Policy', `"default";q=${quota.attempts};w=${quota.seconds}`);
  ctx.set('RateLimit', `"default";r=0;t=${seconds}`);
  ctx.set('RateLimit-Limit', String(quota.attempts));
  ctx.set('RateLimit-Remaining', '0');
  ctx.set('RateLimit-Reset', String(seconds));
}
