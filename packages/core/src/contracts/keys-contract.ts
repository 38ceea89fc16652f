import type { StoredKey } from '../ports/key-store.ts';
import type { StorePorts } from '../ports/ports.ts';
import { race } from './contract.ts';
import { expectSame } from './expect.ts';
import { later, noon } from './samples.ts';
import type { StorePromise } from './store-promise.ts';

function newKey(kid: string, predecessor: string, activeFrom = noon): StoredKey {
  return { kid, predecessor, publicJwk: `{"kid":"${kid}"}`, sealedPrivateKey: 'sealed', createdAt: noon, activeFrom };
}

function append({ unitOfWork }: StorePorts, key: StoredKey): Promise<boolean> {
  return unitOfWork.run(({ keys }) => keys.append(key));
}

/** What the store of keys promises. */
export const keysPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'is listed as it was appended, in the order in which keys sign',
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
    name: 'has one successor, and one key is the first',
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
    name: 'is made by one of twenty who try',
    async holds(store) {
      const outcomes = await race((racer) => append(store, newKey(`key ${racer}`, '')));
      const made = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame([made.length, (await store.keys.list()).length], [1, 1], 'winners and keys');
    },
  },
];
