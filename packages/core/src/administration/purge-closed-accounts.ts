import * as v from 'valibot';
import { NoInput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

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
  run({ unitOfWork }: Pick<Ports, 'unitOfWork'>) {
    return unitOfWork.run(async ({ closedAccounts, sessions, oneTimeTokens, posts }) => {
      const userId = await closedAccounts.claim();
      if (userId === undefined) return false;
      for (const rows of [posts, sessions, oneTimeTokens]) {
        if ((await rows.purgeAllOf(userId, batch)) === batch) return true;
      }
      await closedAccounts.delete(userId);
      return true;
    });
  },
});
