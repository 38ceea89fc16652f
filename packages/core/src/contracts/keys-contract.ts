import type { Transaction } from '../ports/unit-of-work.ts';
import type { KeyStore, StoredKey } from '../ports/key-store.ts';
import type { UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { later, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** An instance of `KeyStore` for its contract. Keys refer to no other records. */
export interface KeysInstance {
  readonly keys: KeyStore;
  readonly unitOfWork: UnitOfWorkOn<'keys'>;
}

/** What `KeyStore` and `WritableKeyStore` promise. */
export function keysContract(open: Open<KeysInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

function newKey(kid: string, predecessor: string, activeFrom = noon): StoredKey {
  return { kid, predecessor, publicJwk: `{"kid":"${kid}"}`, sealedPrivateKey: 'sealed', createdAt: noon, activeFrom };
}

function append({ unitOfWork }: KeysInstance, key: StoredKey): Promise<boolean> {
  return unitOfWork.run(({ keys }) => keys.append(key));
}

const inTransactions = transactionPromises<Pick<Transaction, 'keys'>, KeysInstance>('a signing key', {
  prepare: async () => [(transaction) => transaction.keys.append(newKey('a', ''))],
  look: ({ keys }) => keys.list(),
  shown: [newKey('a', '')],
  reads: ({ keys }) => [() => keys.list()],
});

const promises: readonly PortPromise<KeysInstance>[] = [
  {
    part: 'faithful',
    name: 'signing keys are listed as they were appended, in the order in which they sign',
    async holds(store) {
      const [first, second] = [newKey('b', ''), newKey('a', 'b', later)];
      expectSame([await append(store, first), await append(store, second)], [true, true], 'append');
      expectSame(await store.keys.list(), [first, second], 'list');
      await store.unitOfWork.run(async ({ keys }) => {
        await keys.reseal('a', 'sealed again');
        await keys.delete('b');
      });
      expectSame(await store.keys.list(), [{ ...second, sealedPrivateKey: 'sealed again' }], 'after reseal and delete');
    },
  },
  {
    part: 'unique',
    name: 'a signing key has one successor, and one key is the first',
    async holds(store) {
      const first = newKey('a', '');
      const appended = [await append(store, first), await append(store, newKey('b', ''))];
      expectSame(appended, [true, false], 'append a first key, twice');
      const successor = newKey('c', 'a', later);
      const succeeded = [await append(store, successor), await append(store, newKey('d', 'a', later))];
      expectSame(succeeded, [true, false], 'append a successor, twice');
      expectSame(await store.keys.list(), [first, successor], 'list');
    },
  },
  {
    part: 'once',
    name: 'the first signing key is stored by one of twenty callers',
    async holds(store) {
      const outcomes = await race((racer) => append(store, newKey(`key ${racer}`, '')));
      const winners = fulfilled(outcomes).filter(Boolean);
      expectSame([winners.length, (await store.keys.list()).length], [1, 1], 'winners and keys');
    },
  },
];
