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
  await countWithin(needs, [
    ...(byAddress ? [[byAddress, [name, 'address', address]] as const] : []),
    ...(byAccountAndAddress ? [[byAccountAndAddress, [name, 'pair', account, address]] as const] : []),
    ...(byAccount ? [[byAccount, [name, 'account', account]] as const] : []),
  ]);
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

/** A quota, and the bucket that counts for it. */
type QuotaOf = readonly [quota: Quota, parts: BucketName];

/**
 * Counts in the buckets of these quotas in turn, up to the first that is used up.
 *
 * @throws SallyportError `rate_limited` when one is used up
 */
export async function countWithin(
  { rateLimiter, secrets, clock }: CountingPorts,
  quotas: readonly QuotaOf[],
): Promise<void> {
  const buckets = quotas.map(([quota, parts]) => ({ ...quota, bucket: bucketOf(secrets, parts) }));
  if (buckets.length === 0) return;
  for (const [index, { count, closesIn }] of (await rateLimiter.countInTurn(buckets, clock.now())).entries()) {
    const quota = quotas[index]?.[0];
    if (quota && count > quota.attempts) throw new SallyportError('rate_limited', { quota, retryAfter: closesIn });
  }
}

/** Counts like `countWithin`, but returns whether no quota is used up. */
export async function fits(needs: CountingPorts, quotas: readonly QuotaOf[]): Promise<boolean> {
  return isWithin(countWithin(needs, quotas));
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
