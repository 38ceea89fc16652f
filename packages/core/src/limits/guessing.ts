import type { Anyone } from '../model/caller.ts';
import type { Email } from '../model/email.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { addressBlock, noAddress } from './address-block.ts';
import { bucketOf, type CountingPorts, countWithin, type Limiting } from './admit.ts';

/**
 * From so many failed logins on, with none in between that succeeded, an account is being guessed
 * (NIST SP 800-63B, section 3.2.2).
 */
export const guessedFrom = 100;

/** What such an account admits in all. */
const slowed = { attempts: 1, seconds: 60 };

/** Seconds after which failures are forgotten. */
const memory = 30 * 24 * 60 * 60;

type Needs = CountingPorts &
  Pick<Ports, 'sessions'> & {
    readonly policy: Pick<Policy, 'limits' | 'refreshTokenLifetime'>;
  };

/**
 * Slows guessing down once an account has failed too often in a row, from however many addresses, and whether or not
 * there is such an account. The owner is not locked out: the address of a live session counts as the owner's.
 *
 * @throws SallyportError `rate_limited` when the account is being guessed and this is not its owner's address
 */
export async function slowGuessing(needs: Needs, caller: Anyone, email: Email): Promise<void> {
  const { rateLimiter, clock, secrets, policy } = needs;
  if (policy.limits === 'off') return;
  const failures = await rateLimiter.read(bucketOfFailures(secrets, email), clock.now());
  if (!failures || failures.count < guessedFrom) return;
  if (await isOwners(needs, caller, email)) return;
  await countWithin(needs, slowed, ['slowed', email]);
}

/** Counts a failed login, and says whether the account is being guessed from this one on. */
export async function countFailure({ rateLimiter, clock, secrets, policy }: Needs, email: Email): Promise<boolean> {
  if (policy.limits === 'off') return false;
  const window = { at: clock.now(), seconds: memory };
  const { count } = await rateLimiter.count(bucketOfFailures(secrets, email), window);
  return count === guessedFrom;
}

/** A successful login resets the count, and so does a new password by a mailed link. */
export async function forgetFailures({ rateLimiter, secrets, policy }: Limiting, email: Email): Promise<void> {
  if (policy.limits !== 'off') await rateLimiter.forget(bucketOfFailures(secrets, email));
}

async function isOwners({ sessions, clock, policy }: Needs, { ip }: Anyone, email: Email): Promise<boolean> {
  const block = addressBlock(ip);
  const at = clock.now();
  const usedSince = secondsAfter(at, -policy.refreshTokenLifetime);
  const addresses = await sessions.liveAddresses(email, { at, usedSince });
  return block !== noAddress && addresses.some((address) => addressBlock(address) === block);
}

function bucketOfFailures(secrets: Ports['secrets'], email: Email): string {
  return bucketOf(secrets, ['failures', email]);
}
