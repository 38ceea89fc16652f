import { memoryStore } from '@sallyport/adapters-memory';
import { describe, it } from 'vitest';
import { arranged } from '../../test/canaries.ts';
import type { StorePorts, Transaction } from '../index.ts';
import {
  type ArrangeUsers,
  auditContract,
  closedAccountsContract,
  type ContractCase,
  keysContract,
  knownNetworksContract,
  oneTimeTokensContract,
  outboxContract,
  sessionsContract,
  unitOfWorkContract,
  type UnitOfWorkOn,
  usersContract,
} from './index.ts';

/** What an author who implements one port can open: the reads of that port, and transactions that hand out it alone. */
function openOnly<Name extends keyof Transaction, Reads>(name: Name, readsOf: (store: StorePorts) => Reads) {
  return (): Reads & { unitOfWork: UnitOfWorkOn<Name>; arrange: ArrangeUsers } => {
    const store = memoryStore();
    const unitOfWork: UnitOfWorkOn<Name> = {
      run: (work) => store.unitOfWork.run((transaction) => work(pick(transaction, name))),
    };
    return { ...readsOf(store), unitOfWork, arrange: arranged(store).arrange };
  };
}

function pick<Name extends keyof Transaction>(transaction: Transaction, name: Name): Pick<Transaction, Name> {
  return { [name]: transaction[name] } as Pick<Transaction, Name>;
}

describe.each<[string, readonly ContractCase[]]>([
  ['users', usersContract(openOnly('users', ({ users }) => ({ users })))],
  ['sessions', sessionsContract(openOnly('sessions', ({ sessions }) => ({ sessions })))],
  ['knownNetworks', knownNetworksContract(openOnly('knownNetworks', ({ knownNetworks }) => ({ knownNetworks })))],
  ['closedAccounts', closedAccountsContract(openOnly('closedAccounts', () => ({})))],
  ['oneTimeTokens', oneTimeTokensContract(openOnly('oneTimeTokens', ({ oneTimeTokens }) => ({ oneTimeTokens })))],
  ['outbox', outboxContract(openOnly('outbox', () => ({})))],
  ['audit', auditContract(openOnly('audit', ({ audit }) => ({ audit })))],
  ['keys', keysContract(openOnly('keys', ({ keys }) => ({ keys })))],
  ['unitOfWork', unitOfWorkContract(openOnly('users', ({ users }) => ({ users })))],
])('An adapter of the port %s alone', (_, contract) => {
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());
});
