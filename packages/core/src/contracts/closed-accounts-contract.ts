import type { UserId } from '../model/user.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame, rejection } from './expect.ts';
import { later, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** An instance of `WritableClosedAccounts` for its contract. */
export interface ClosedAccountsInstance {
  readonly unitOfWork: UnitOfWorkOn<'closedAccounts'>;
}

/** What `WritableClosedAccounts` promises. The accounts themselves need not exist. */
export function closedAccountsContract(open: Open<ClosedAccountsInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

const ids: readonly UserId[] = [3, 1, 2];
const sorted = [1, 2, 3];

function inOrder(claimed: readonly (UserId | undefined)[]): readonly (UserId | undefined)[] {
  return claimed.toSorted((a = 0, b = 0) => a - b);
}

async function closeAll({ unitOfWork }: ClosedAccountsInstance): Promise<void> {
  await unitOfWork.run(async ({ closedAccounts }) => {
    for (const id of ids) await closedAccounts.append(id, id === 1 ? later : noon);
  });
}

/** Claims one account and forgets it. */
async function take({ closedAccounts }: Pick<Transaction, 'closedAccounts'>): Promise<UserId | undefined> {
  const id = await closedAccounts.claim();
  if (id !== undefined) await closedAccounts.delete(id);
  return id;
}

/** The accounts that are remembered. They are claimed in a transaction that fails. */
async function remembered({ unitOfWork }: ClosedAccountsInstance): Promise<readonly (UserId | undefined)[]> {
  let claimed: UserId[] = [];
  const looking = unitOfWork.run(async (transaction) => {
    claimed = [];
    for (let id = await take(transaction); id !== undefined && claimed.length < 100; id = await take(transaction)) {
      claimed.push(id);
    }
    throw new Error('What was read is not kept');
  });
  await rejection(looking);
  return inOrder(claimed);
}

const inTransactions = transactionPromises<Pick<Transaction, 'closedAccounts'>, ClosedAccountsInstance>(
  'a closed account',
  {
    prepare: async () => ids.map((id) => (transaction) => transaction.closedAccounts.append(id, noon)),
    look: remembered,
    shown: sorted,
  },
);

const promises: readonly PortPromise<ClosedAccountsInstance>[] = [
  {
    part: 'faithful',
    name: 'a closed account is claimed until it is deleted, each in its turn',
    async holds(store) {
      await closeAll(store);
      const claim = () => store.unitOfWork.run(({ closedAccounts }) => closedAccounts.claim());
      const first = await claim();
      expectSame(ids.includes(first ?? 0), true, 'whether claim returned one of them');
      expectSame(await remembered(store), sorted, 'the accounts after a claim alone');
      const taken: (UserId | undefined)[] = [];
      for (let n = 0; n < ids.length; n += 1) taken.push(await store.unitOfWork.run(take));
      expectSame(inOrder(taken), sorted, 'claim and delete, as often as there are accounts');
      expectSame(await claim(), undefined, 'claim, once all are deleted');
    },
  },
  {
    part: 'faithful',
    name: 'a closed account that is claimed and never deleted keeps no other one waiting',
    async holds(store) {
      await closeAll(store);
      const claimed = new Set<UserId | undefined>();
      for (let n = 0; n < 200 && claimed.size < ids.length; n += 1) {
        claimed.add(await store.unitOfWork.run(({ closedAccounts }) => closedAccounts.claim()));
      }
      expectSame(inOrder([...claimed]), sorted, 'the accounts that 200 claims returned');
    },
  },
  {
    part: 'faithful',
    name: 'to delete a closed account forgets it alone',
    async holds(store) {
      await closeAll(store);
      await store.unitOfWork.run(({ closedAccounts }) => closedAccounts.delete(2));
      expectSame(await remembered(store), [1, 3], 'the accounts that are left');
      await store.unitOfWork.run(({ closedAccounts }) => closedAccounts.delete(99));
      expectSame(await remembered(store), [1, 3], 'the accounts, after the delete of one that was not closed');
    },
  },
  {
    part: 'once',
    name: 'each closed account is claimed by one of twenty callers that delete it',
    async holds(store) {
      await closeAll(store);
      const outcomes = fulfilled(await race(() => store.unitOfWork.run(take)));
      const taken = outcomes.filter((id) => id !== undefined);
      expectSame(inOrder(taken), sorted, 'the accounts that were claimed');
    },
  },
  {
    part: 'rolled back',
    name: 'a closed account is claimed again after the transaction of its claim failed',
    async holds(store) {
      await closeAll(store);
      for (const attempt of ['first', 'second']) {
        let claimed: unknown;
        const failing = store.unitOfWork.run(async (transaction) => {
          claimed = await take(transaction);
          throw new Error('changed my mind');
        });
        await rejection(failing);
        expectSame(ids.includes(Number(claimed)), true, `whether the ${attempt} claim returned one of them`);
      }
      expectSame(await remembered(store), sorted, 'the accounts after two claims that failed');
    },
  },
];
