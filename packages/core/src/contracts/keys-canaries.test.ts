import { describe, expect, it } from 'vitest';
import { changed, failedCases, replacing } from '../../test/canaries.ts';
import type { Transaction } from '../index.ts';
import { keysContract } from './index.ts';

type Keys = Transaction['keys'];

const atOnce = 'faithful: all signing keys are deleted at once, and another one is then the first';
const noSuccessor = 'faithful: a signing key that was deleted gets no successor';
const noneOutlives = 'isolated: no signing key that is added while all are deleted outlives them';

describe('The contract of keys', () => {
  const brokenBy = (change: (keys: Keys) => Partial<Keys>) =>
    failedCases(keysContract(() => replacing(({ keys }) => ({ keys: changed(keys, change(keys)) }))));

  it('fails a store that deletes no key when it should delete all', async () => {
    expect(await brokenBy(() => ({ deleteAll: async () => 2 }))).toEqual([atOnce, noSuccessor, noneOutlives]);
  });

  it('fails a store that does not tell how many keys it deleted', async () => {
    const broken = brokenBy((keys) => ({
      async deleteAll() {
        await keys.deleteAll();
        return 1;
      },
    }));
    expect(await broken).toEqual([atOnce]);
  });

  it('fails a store that adds a key behind one that was deleted', async () => {
    const broken = brokenBy((keys) => ({
      append: async (key) =>
        (await keys.append(key)) || (key.predecessor !== '' && keys.append({ ...key, predecessor: '' })),
    }));
    expect(await broken).toContain(noSuccessor);
  });
});
