import { networkOf } from '../model/address-block.ts';
import type { Anyone } from '../model/caller.ts';
import type { Email } from '../model/email.ts';
import { isSallyportError } from '../model/errors.ts';
import type { Ports } from '../ports/ports.ts';
import { bucketOf, countIn, countWithin, type Limiting } from './admit.ts';
import { knowsNetwork } from './known-network.ts';

/** After so many failed passwords in a row, an account counts as being guessed (NIST SP 800-63B, section 3.2.2). */
export const guessedFrom = 100;

/** The quotas of such an account: for each network that it knows, for each other network, and for all others together. */
const slowed = {
  known: { attempts: 20, seconds: 60 },
  other: { attempts: 1, seconds: 60 },
  others: { attempts: 10, seconds: 60 },
} as const;

/** Seconds after which failures are forgotten. */
const memory = 30 * 24 * 60 * 60;

/** How often the passwords of an account failed in a row. */
export async function readFailures({ rateLimiter, clock, secrets, policy }: Limiting, email: Email): Promise<number> {
  if (policy.limits === 'off') return 0;
  return (await rateLimiter.read(bucketOfFailures(secrets, email), clock.now()))?.count ?? 0;
}

/**
 * Slows guessing down once an account has failed too often in a row, from however many networks. An e-mail address
 * without an account is treated in the same way. The owner is not locked out: networks that the account knows have
 * quotas of their own, and the limit of logins by account and address applies everywhere.
 *
 * @param failures how often the account's passwords failed in a row
 * @throws SallyportError `rate_limited` when the account is being guessed and the quota of the caller's network is used up
 */
export async function slowGuessing(
  needs: Limiting & Pick<Ports, 'knownNetworks'>,
  { ip }: Anyone,
  email: Email,
  failures: number,
): Promise<void> {
  if (failures < guessedFrom) return;
  const network = networkOf(ip);
  if (await knowsNetwork(needs, email, network)) {
    await countWithin(needs, [[slowed.known, ['slowed', 'known', email, network]]]);
    return;
  }
  await countWithin(needs, [
    [slowed.other, ['slowed', 'other', email, network]],
    [slowed.others, ['slowed', 'others', email]],
  ]);
}

/** Counts a failed password. Returns whether the account counts as being guessed from this one on. */
export async function countFailure(needs: Limiting, email: Email): Promise<boolean> {
  if (needs.policy.limits === 'off') return false;
  const { count } = await countIn(needs, memory, failuresOf(email));
  return count === guessedFrom;
}

/** Resets the count of failures, after a correct password or a new one by a mailed link. */
export async function forgetFailures({ rateLimiter, secrets, policy }: Limiting, email: Email): Promise<void> {
  if (policy.limits !== 'off') await rateLimiter.forget(bucketOfFailures(secrets, email));
}

/**
 * Resets the count after the transaction of a success has committed: a limiter that is unavailable must not turn the
 * success into a failure. The count is then reset by the next success, or expires.
 *
 * @throws what the limiter throws, except for `unavailable`
 */
export async function tryToForgetFailures(needs: Limiting, email: Email): Promise<void> {
  try {
    await forgetFailures(needs, email);
  } catch (error) {
    if (!(isSallyportError(error) && error.code === 'unavailable')) throw error;
  }
}

function bucketOfFailures(secrets: Ports['secrets'], email: Email): string {
  return bucketOf(secrets, failuresOf(email));
}

const failuresOf = (email: Email) => ['failures', email] as const;
