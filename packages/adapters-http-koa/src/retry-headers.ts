import { isSallyportError } from '@sallyport/core';
import type { Context } from './context.ts';

/** Seconds after which to try again, where nobody knows better. */
const defaultRetryAfter = 1;

/**
 * Says when to try again what was refused for now (RFC 9110, section 10.2.3), at the earliest in a second; and
 * which quota is used up, in the fields of draft-ietf-httpapi-ratelimit-headers-10 and in those of its early
 * versions, which is what most clients read.
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
