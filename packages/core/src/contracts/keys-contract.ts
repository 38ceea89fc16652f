import type { Transaction } from '../ports/unit-of-work.ts';
import type { KeyStore, StoredKey } from '../ports/key-store.ts';
import type { UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame, expectThat } from './expect.ts';
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
    part: 'faithful',
    name: 'all signing keys are deleted at once, and another one is then the first',
    async holds(store) {
      await append(store, newKey('a', ''));
      await append(store, newKey('b', 'a', later));
      const first = newKey('c', '', later);
      const replaced = store.unitOfWork.run(async ({ keys }) => [await keys.deleteAll(), await keys.append(first)]);
      expectSame(await replaced, [2, true], 'deleteAll and append');
      expectSame(await store.keys.list(), [first], 'list');
    },
  },
  {
    part: 'faithful',
    name: 'a signing key that was deleted gets no successor',
    async holds(store) {
      await append(store, newKey('a', ''));
      await append(store, newKey('b', 'a', later));
      await store.unitOfWork.run(({ keys }) => keys.deleteAll());
      expectSame(await append(store, newKey('c', 'b', later)), false, 'append behind a deleted key');
      expectSame(await store.keys.list(), [], 'list');
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
    part: 'isolated',
    name: 'no signing key that is added while all are deleted outlives them',
    async holds(store) {
      for (let round = 0; round < 5; round += 1) {
        await append(store, newKey('a', ''));
        const successor = newKey(`b${round}`, 'a', later);
        const [, deleted] = await Promise.all([
          append(store, successor),
          store.unitOfWork.run(({ keys }) => keys.deleteAll()),
        ]);
        expectThat([1, 2].includes(deleted), deleted, '1 or 2', 'the number of deleted keys');
        expectSame(await store.keys.list(), [], 'list');
      }
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
