import type { StorePorts } from '../ports/ports.ts';
import type { ContractCase } from './contract.ts';
import { postsPromises } from './posts-contract.ts';
import { sessionsPromises } from './sessions-contract.ts';
import type { StorePromise } from './store-promise.ts';
import { unitOfWorkPromises } from './unit-of-work-contract.ts';
import { usersPromises } from './users-contract.ts';

/**
 * What the ports of a store promise together: `users`, `sessions`, `posts` and `unitOfWork`.
 *
 * @param open gives each case a store of its own, empty and ready
 */
export function storeContract(open: () => Promise<StorePorts>): readonly ContractCase[] {
  return [
    ...cases('a user', usersPromises, open),
    ...cases('a session', sessionsPromises, open),
    ...cases('a post', postsPromises, open),
    ...cases('a transaction', unitOfWorkPromises, open),
  ];
}

function cases(subject: string, promises: readonly StorePromise[], open: () => Promise<StorePorts>): ContractCase[] {
  return promises.map(({ part, name, holds }) => ({
    part,
    name: `${subject}: ${name}`,
    run: async () => holds(await open()),
  }));
}
