import type { Anyone } from '../model/caller.ts';
import { isSallyportError, SallyportError } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { addressBlock } from './address-block.ts';
import type { LimitedName, Quota } from '../model/limits.ts';

/** The ports that are needed to count. */
export type CountingPorts = Pick<Ports, 'rateLimiter' | 'secrets' | 'clock'>;

/** What is needed to apply a limit. */
export interface Limiting extends CountingPorts {
  readonly policy: Pick<Policy, 'limits'>;
}

/** The name of what is counted, and the values that it is counted by. */
type BucketName = readonly [string, ...(string | number | undefined)[]];

/**
 * Counts one attempt, before its outcome is known. The wider limit comes first: an address that is refused opens no
 * bucket for the accounts it tries. Callers without an address share one bucket.
 *
 * @param account the account that is tried, as the core spells it: an e-mail address or an id
 * @throws SallyportError `rate_limited` | `unavailable`
 */
export async function admit(
  needs: Limiting,
  name: LimitedName,
  { ip }: Anyone,
  account?: string | number,
): Promise<void> {
  const { limits } = needs.policy;
  if (limits === 'off') return;
  const limit = limits[name];
  if (!limit) throw new Error(`There is no limit "${name}"`);
  const { byAddress, byAccountAndAddress, byAccount } = limit;
  const address = addressBlock(ip);
  if (byAddress) await countWithin(needs, byAddress, [name, 'address', address]);
  if (byAccountAndAddress) await countWithin(needs, byAccountAndAddress, [name, 'pair', account, address]);
  if (byAccount) await countWithin(needs, byAccount, [name, 'account', account]);
}

/**
 * Counts an attempt like `admit`, but returns whether it is within the limit. It is for steps that are skipped beyond
 * the limit while the caller's answer stays the same.
 *
 * @throws SallyportError `unavailable`
 */
export async function isAdmitted(...attempt: Parameters<typeof admit>): Promise<boolean> {
  try {
    await admit(...attempt);
    return true;
  } catch (error) {
    if (isSallyportError(error) && error.code === 'rate_limited') return false;
    throw error;
  }
}

/** @throws SallyportError `rate_limited` when the quota is used up */
export async function countWithin(
  { rateLimiter, secrets, clock }: CountingPorts,
  quota: Quota,
  parts: BucketName,
): Promise<void> {
  const window = { at: clock.now(), seconds: quota.seconds };
  const { count, closesIn } = await rateLimiter.count(bucketOf(secrets, parts), window);
  if (count > quota.attempts) throw new SallyportError('rate_limited', { quota, retryAfter: closesIn });
}

/** A bucket name of bounded length that reveals no e-mail address. */
export function bucketOf(secrets: Ports['secrets'], [name, ...parts]: BucketName): string {
  return `${name}:${secrets.keyedDigest(JSON.stringify(parts))}`;
}
