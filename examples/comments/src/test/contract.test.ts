import { after, describe, it } from 'node:test';
import { arrangeIn } from '@sallyport/core/contracts';
import { commentsContract } from '../contract.ts';
import { kindsOfStores } from './stores.ts';

for (const [name, openStores] of kindsOfStores) {
  describe(`Comments on ${name}`, () => {
    const stores = openStores();
    after(() => stores.close());
    const contract = commentsContract(async () => {
      const store = await stores.open();
      return { ...store, arrange: arrangeIn(store) };
    });
    for (const { part, name: promise, run } of contract) it(`keep ${part}: ${promise}`, () => run());
  });
}
