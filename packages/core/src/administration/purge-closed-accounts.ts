import * as v from 'valibot';
import { NoInput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { type Surroundings, useCase } from '../use-case.ts';

/**
 * Rows that one step removes, in a short transaction. Even a slow disk deletes that many within a fraction of a second.
 */
const batch = 1_000;

/**
 * Deletes a batch of the rows that a closed account left, and returns whether there may be more. If the process is
 * killed, the next call resumes the work. A host calls this about once a second, from one node or from several.
 */
export const purgeClosedAccounts = useCase({
  caller: 'system',
  input: NoInput,
  output: v.boolean(),
  errors: [],
  run({ unitOfWork, purges }: Pick<Ports, 'unitOfWork'> & Pick<Surroundings, 'purges'>) {
    return unitOfWork.run(async (transaction) => {
      const { closedAccounts, sessions, knownNetworks, oneTimeTokens } = transaction;
      const userId = await closedAccounts.claim();
      if (userId === undefined) return false;
      for (const purge of purges) if ((await purge(transaction, userId, batch)) >= batch) return true;
      for (const rows of [sessions, knownNetworks, oneTimeTokens]) {
        if ((await rows.purgeAllOf(userId, batch)) >= batch) return true;
      }
      await closedAccounts.delete(userId);
      return true;
    });
  },
});
