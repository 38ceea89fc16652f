import type { Anyone } from '../model/caller.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';

/** Rows that one step removes: a short transaction that nobody has to wait for. */
const batch = 500;

type Needs = Pick<Ports, 'unitOfWork' | 'rateLimiter' | 'clock'>;

/** Removes what has been over for long enough. Whoever embeds the core calls this every now and then. */
export class PurgeExpired {
  static readonly caller = 'system';

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'auditRetention'>;
  constructor(ports: Needs, policy: Pick<Policy, 'auditRetention'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * Says whether there is more to remove.
   *
   * @throws SallyportError `unavailable`
   */
  async execute(_caller: Anyone): Promise<boolean> {
    const { unitOfWork, rateLimiter, clock } = this.#ports;
    const now = clock.now();
    const oldest = secondsAfter(now, -this.#policy.auditRetention);
    const removed = await unitOfWork.run(async ({ sessions, oneTimeTokens, audit }) => [
      await sessions.purge(now, batch),
      await oneTimeTokens.purge(now, batch),
      await audit.purge(oldest, batch),
    ]);
    removed.push(await rateLimiter.purge(now, batch));
    return removed.includes(batch);
  }
}
