import { tokenPurposes, type WritableOneTimeTokens } from '../ports/one-time-tokens.ts';
import type { PortPromise } from './contract.ts';
import { expectSame } from './expect.ts';
import { addTokens, append, consumeAll, newToken, type OneTimeTokensInstance } from './one-time-tokens-instance.ts';
import { later, newUser, noon } from './samples.ts';

function deleteAllOf(
  { unitOfWork }: OneTimeTokensInstance,
  ...which: Parameters<WritableOneTimeTokens['deleteAllOf']>
): Promise<void> {
  return unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.deleteAllOf(...which));
}

const nothing = tokenPurposes.map(() => undefined);

/** What `WritableOneTimeTokens` promises about deletions. */
export const oneTimeTokensDeletions: readonly PortPromise<OneTimeTokensInstance>[] = [
  {
    part: 'faithful',
    name: 'one-time tokens of every purpose are deleted together, for their user alone',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const [ofAda, ofBob] = [await addTokens(store, ada.id), await addTokens(store, bob.id)];
      await deleteAllOf(store, ada.id);
      expectSame(await consumeAll(store, ofAda), nothing, 'consume, after deleteAllOf their user');
      expectSame(await consumeAll(store, ofBob), ofBob, 'consume, of another user');
    },
  },
  {
    part: 'faithful',
    name: 'one-time tokens of some purposes are deleted, and those of others stay',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const purpose of tokenPurposes) {
        for (const purposes of [[purpose], tokenPurposes.filter((other) => other !== purpose)]) {
          const tokens = await addTokens(store, id);
          await deleteAllOf(store, id, { purposes });
          const left = tokens.map((token) => (purposes.includes(token.purpose) ? undefined : token));
          expectSame(await consumeAll(store, tokens), left, `consume, after deleteAllOf for ${purposes.join(', ')}`);
        }
      }
      const tokens = await addTokens(store, id);
      await deleteAllOf(store, id, { purposes: [] });
      expectSame(await consumeAll(store, tokens), tokens, 'consume, after deleteAllOf for no purpose');
    },
  },
  {
    part: 'faithful',
    name: 'all one-time tokens of a user are deleted but for one',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const purpose of tokenPurposes) {
        const kept = newToken(id, purpose, { digest: `another ${purpose}` });
        const tokens = [...(await addTokens(store, id)), kept];
        await append(store, [kept], 3);
        await deleteAllOf(store, id, { purposes: [purpose], except: kept.digest });
        const left = tokens.map((token) => (token === kept || token.purpose !== purpose ? token : undefined));
        expectSame(await consumeAll(store, tokens), left, `consume, after deleteAllOf for ${purpose} but for one`);

        await addTokens(store, id);
        await append(store, [kept], 3);
        await deleteAllOf(store, id, { except: kept.digest });
        expectSame(
          await consumeAll(store, tokens),
          [...nothing, kept],
          `consume, after deleteAllOf but for ${purpose}`,
        );
      }
    },
  },
  {
    part: 'faithful',
    name: 'a one-time token of any purpose finds no user once its user was deleted, and is purged',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const [gone, kept] = [await addTokens(store, ada.id), await addTokens(store, bob.id)];
      await store.arrange.deleteUser(ada.id);
      for (const { digest, purpose } of gone) {
        const found = await store.oneTimeTokens.find({ digest, purposes: [purpose], at: noon });
        expectSame(found, undefined, `find for ${purpose}`);
      }
      const limit = tokenPurposes.length - 1;
      const purge = () => store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.purgeAllOf(ada.id, limit));
      const purged = [await purge(), await purge(), await purge()];
      expectSame(purged, [limit, 1, 0], `purgeAllOf of at most ${limit}, three times`);
      expectSame(await consumeAll(store, gone), nothing, 'consume, of the deleted user');
      expectSame(await consumeAll(store, kept), kept, 'consume, of another user');
    },
  },
  {
    part: 'faithful',
    name: 'expired one-time tokens of every purpose are purged in batches',
    async holds(store) {
      for (const name of ['Ada', 'Bob']) {
        await addTokens(store, (await store.arrange.user(newUser(name))).id, { expiresAt: noon });
      }
      const kept = await addTokens(store, (await store.arrange.user(newUser('Cid'))).id);
      const limit = 2 * tokenPurposes.length - 1;
      const purge = () => store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.purge(later, limit));
      const purged = [await purge(), await purge(), await purge()];
      expectSame(purged, [limit, 1, 0], `purge of at most ${limit}, three times`);
      expectSame(await consumeAll(store, kept), kept, 'consume, of the tokens that have not expired');
    },
  },
];
