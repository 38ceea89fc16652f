import type { Anyone } from '../model/caller.ts';
import type { Email } from '../model/email.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { addressBlock, noAddress } from './address-block.ts';
import { bucketOf, type CountingPorts, countWithin, type Limiting } from './admit.ts';

/** After so many failed logins in a row, an account counts as being guessed (NIST SP 800-63B, section 3.2.2). */
export const guessedFrom = 100;

/** The quota of such an account, for all addresses together. */
const slowed = { attempts: 1, seconds: 60 };

/** Seconds after which failures are forgotten. */
const memory = 30 * 24 * 60 * 60;

type Needs = CountingPorts &
  Pick<Ports, 'sessions'> & {
    readonly policy: Pick<Policy, 'limits' | 'refreshTokenLifetime'>;
  };

/**
 * Slows guessing down once an account has failed too often in a row, from however many addresses. An e-mail address
 * without an account is treated in the same way. The owner is not locked out: the address of a live session counts as
 * the owner's.
 *
 * @throws SallyportError `rate_limited` when the account is being guessed and the caller's address is not the owner's
 */
export async function slowGuessing(needs: Needs, caller: Anyone, email: Email): Promise<void> {
  const { rateLimiter, clock, secrets, policy } = needs;
  if (policy.limits === 'off') return;
  const failures = await rateLimiter.read(bucketOfFailures(secrets, email), clock.now());
  if (!failures || failures.count < guessedFrom) return;
  if (await isOwners(needs, caller, email)) return;
  await countWithin(needs, slowed, ['slowed', email]);
}

/** Counts a failed login. Returns whether the account counts as being guessed from this login on. */
export async function countFailure({ rateLimiter, clock, secrets, policy }: Needs, email: Email): Promise<boolean> {
  if (policy.limits === 'off') return false;
  const window = { at: clock.now(), seconds: memory };
  const { count } = await rateLimiter.count(bucketOfFailures(secrets, email), window);
  return count === guessedFrom;
}

/** Resets the count of failures, after a successful login or a new password by a mailed link. */
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
