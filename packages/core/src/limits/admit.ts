import { addressBlock } from '../model/address-block.ts';
import type { Anyone } from '../model/caller.ts';
import { isSallyportError, SallyportError } from '../model/errors.ts';
import type { LimitedName, Quota } from '../model/limits.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';

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
  return isWithin(admit(...attempt));
}

/** @throws SallyportError `rate_limited` when the quota is used up */
export async function countWithin(needs: CountingPorts, quota: Quota, parts: BucketName): Promise<void> {
  const { count, closesIn } = await countIn(needs, quota.seconds, parts);
  if (count > quota.attempts) throw new SallyportError('rate_limited', { quota, retryAfter: closesIn });
}

/** Counts in these quotas in turn, up to the first that is used up. Returns whether none is. */
export async function fits(
  needs: CountingPorts,
  quotas: readonly (readonly [quota: Quota, parts: BucketName])[],
): Promise<boolean> {
  for (const [quota, parts] of quotas) if (!(await isWithin(countWithin(needs, quota, parts)))) return false;
  return true;
}

async function isWithin(counting: Promise<void>): Promise<boolean> {
  try {
    await counting;
    return true;
  } catch (error) {
    if (isSallyportError(error) && error.code === 'rate_limited') return false;
    throw error;
  }
}

/** Adds one to a bucket, whose window is open for so many seconds. */
export function countIn({ rateLimiter, secrets, clock }: CountingPorts, seconds: number, parts: BucketName) {
  return rateLimiter.count(bucketOf(secrets, parts), { at: clock.now(), seconds });
}

/** A bucket name of bounded length that reveals no e-mail address. */
export function bucketOf(secrets: Ports['secrets'], [name, ...parts]: BucketName): string {
  return `${name}:${secrets.keyedDigest(JSON.stringify(parts))}`;
}
