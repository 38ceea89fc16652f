import * as v from 'valibot';
import { NoInput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { type AccountPurge, type Surroundings, useCase } from '../use-case.ts';

/**
 * Rows that one step removes, in a short transaction. Even a slow disk deletes that many within a fraction of a second.
 */
const batch = 1_000;

/** Delete what the core stored for an account. */
const corePurges: readonly AccountPurge[] = [
  ({ sessions }, ...some) => sessions.purgeAllOf(...some),
  ({ knownNetworks }, ...some) => knownNetworks.purgeAllOf(...some),
  ({ oneTimeTokens }, ...some) => oneTimeTokens.purgeAllOf(...some),
];

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
      const { closedAccounts } = transaction;
      const userId = await closedAccounts.claim();
      if (userId === undefined) return false;
      let purged = 0;
      for (const purge of [...purges, ...corePurges]) {
        purged += await purge(transaction, userId, batch);
        if (purged >= batch) return true;
      }
      // A purge deletes fewer rows than there are if another transaction deletes some of them first.
      if (purged === 0) await closedAccounts.delete(userId);
      return true;
    });
  },
});

/**
 * The purge of a module. A module in JavaScript may forget to return a count, and rows of a closed account would stay.
 *
 * @throws Error that names the module, when the purge returns no count
 */
export function counting(module: string, purge: AccountPurge): AccountPurge {
  return async (...some) => {
    const count = await purge(...some);
    if (Number.isSafeInteger(count) && count >= 0) return count;
    throw new Error(`The module "${module}" must return from purgeAccount how many rows it deleted`);
  };
}
