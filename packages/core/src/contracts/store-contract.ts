import type { StorePorts } from '../ports/ports.ts';
import type { ContractCase } from './contract.ts';
import { auditPromises } from './audit-contract.ts';
import { keysPromises } from './keys-contract.ts';
import { oneTimeTokensPromises } from './one-time-tokens-contract.ts';
import { outboxPromises } from './outbox-contract.ts';
import { postsPromises } from './posts-contract.ts';
import { sessionsPromises } from './sessions-contract.ts';
import type { StorePromise } from './store-promise.ts';
import { unitOfWorkPromises } from './unit-of-work-contract.ts';
import { usersPromises } from './users-contract.ts';

/**
 * What the ports of a store promise together, all of `StorePorts`.
 *
 * @param open gives each case a store of its own, empty and ready
 */
export function storeContract(open: () => Promise<StorePorts>): readonly ContractCase[] {
  return [
    ...cases('a user', usersPromises, open),
    ...cases('a session', sessionsPromises, open),
    ...cases('a post', postsPromises, open),
    ...cases('a one-time token', oneTimeTokensPromises, open),
    ...cases('a mail', outboxPromises, open),
    ...cases('an event', auditPromises, open),
    ...cases('a key', keysPromises, open),
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
