import * as v from 'valibot';
import { NoInput } from '../model/input.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Rows that one step removes, in a short transaction. */
const batch = 500;

type Needs = Pick<Ports, 'unitOfWork' | 'rateLimiter' | 'clock'> & {
  readonly policy: Pick<Policy, 'auditRetention'>;
};

/**
 * Removes expired rows, a batch of each kind, and returns whether there may be more. A host calls this about once a
 * minute.
 */
export const purgeExpired = useCase({
  caller: 'system',
  input: NoInput,
  output: v.boolean(),
  errors: [],
  async run({ unitOfWork, rateLimiter, clock, policy }: Needs) {
    const now = clock.now();
    const oldest = secondsAfter(now, -policy.auditRetention);
    const removed = await unitOfWork.run(async ({ sessions, knownNetworks, oneTimeTokens, audit }) => [
      await sessions.purge(now, batch),
      await knownNetworks.purge(now, batch),
      await oneTimeTokens.purge(now, batch),
      await audit.purge(oldest, batch),
    ]);
    removed.push(await rateLimiter.purge(now, batch));
    return removed.includes(batch);
  },
});
