import type { Anyone } from '../model/caller.ts';
import type { Email } from '../model/email.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { addressBlock, noAddress } from './address-block.ts';
import { bucketOf, type CountingPorts, countWithin } from './admit.ts';

/**
 * From so many failed logins on, with none in between that succeeded, an account is being guessed
 * (NIST SP 800-63B, section 3.2.2).
 */
export const guessedFrom = 100;

/** What such an account admits in all. */
const slowed = { attempts: 1, seconds: 60 };

/** Seconds after which failures are forgotten. */
const memory = 30 * 24 * 60 * 60;

type Needs = CountingPorts & Pick<Ports, 'sessions'>;
type Rules = Pick<Policy, 'limits' | 'refreshTokenLifetime'>;

/**
 * The failed logins of an account, whether or not there is one: what many addresses try together. It slows
 * guessing down without locking the owner out, who is let in from wherever they are logged in.
 */
export class Guessing {
  readonly #ports: Needs;
  readonly #policy: Rules;
  constructor(ports: Needs, policy: Rules) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `rate_limited` when the account is being guessed and this is not its owner's address */
  async admit(caller: Anyone, email: Email): Promise<void> {
    if (this.#policy.limits === 'off') return;
    const { rateLimiter, clock } = this.#ports;
    const failures = await rateLimiter.read(this.#bucket(email), clock.now());
    if (!failures || failures.count < guessedFrom) return;
    if (await this.#isOwners(caller, email)) return;
    await countWithin(this.#ports, slowed, ['slowed', email]);
  }

  /** Counts a failed login, and says whether it is the one from which on the account is being guessed. */
  async failed(email: Email): Promise<boolean> {
    if (this.#policy.limits === 'off') return false;
    const { rateLimiter, clock } = this.#ports;
    const { count } = await rateLimiter.count(this.#bucket(email), { at: clock.now(), seconds: memory });
    return count === guessedFrom;
  }

  /** Whoever logs in has not failed any more. */
  async succeeded(email: Email): Promise<void> {
    if (this.#policy.limits !== 'off') await this.#ports.rateLimiter.forget(this.#bucket(email));
  }

  async #isOwners({ ip }: Anyone, email: Email): Promise<boolean> {
    const { sessions, clock } = this.#ports;
    const block = addressBlock(ip);
    const at = clock.now();
    const usedSince = secondsAfter(at, -this.#policy.refreshTokenLifetime);
    const addresses = await sessions.liveAddresses(email, { at, usedSince });
    return block !== noAddress && addresses.some((address) => addressBlock(address) === block);
  }

  #bucket(email: Email): string {
    return bucketOf(this.#ports.secrets, ['failures', email]);
  }
}
