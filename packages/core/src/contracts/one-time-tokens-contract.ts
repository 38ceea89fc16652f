import type { Email } from '../model/email.ts';
import { type OneTimeToken, type OneTimeTokens, type TokenPurpose, tokenPurposes } from '../ports/one-time-tokens.ts';
import type { UserId } from '../model/user.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectRefusal, expectSame } from './expect.ts';
import { later, newUser, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** An instance of `OneTimeTokens` for its contract. */
export interface OneTimeTokensInstance {
  readonly oneTimeTokens: OneTimeTokens;
  readonly unitOfWork: UnitOfWorkOn<'oneTimeTokens'>;
  readonly arrange: Pick<ArrangeUsers, 'user' | 'deleteUser'>;
}

/** What `OneTimeTokens` and `WritableOneTimeTokens` promise, for every purpose. */
export function oneTimeTokensContract(open: Open<OneTimeTokensInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

/** A token whose digest names its owner and its purpose. */
function newToken(userId: UserId, purpose: TokenPurpose, fields: Partial<OneTimeToken> = {}): OneTimeToken {
  const email = 'ada@example.com' as Email;
  return { userId, purpose, email, digest: `${purpose} of ${userId}`, expiresAt: later, ...fields };
}

/** Stores a token of every purpose for one user. */
async function addTokens(
  { unitOfWork }: OneTimeTokensInstance,
  userId: UserId,
  fields: Partial<OneTimeToken> = {},
): Promise<readonly OneTimeToken[]> {
  const tokens = tokenPurposes.map((purpose) => newToken(userId, purpose, fields));
  await unitOfWork.run(async ({ oneTimeTokens }) => {
    for (const token of tokens) await oneTimeTokens.replace(token);
  });
  return tokens;
}

function consume({ unitOfWork }: OneTimeTokensInstance, digest: string, purposes = tokenPurposes.slice(), at = noon) {
  return unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.consume(digest, purposes, at));
}

/** Consumes these tokens one after the other, and returns what each was. */
async function consumeAll(store: OneTimeTokensInstance, tokens: readonly OneTimeToken[]) {
  const consumed: (OneTimeToken | undefined)[] = [];
  for (const { digest, purpose } of tokens) consumed.push(await consume(store, digest, [purpose]));
  return consumed;
}

const nothing = tokenPurposes.map(() => undefined);

const inTransactions = transactionPromises<'oneTimeTokens', OneTimeTokensInstance>('a one-time token of any purpose', {
  async prepare({ arrange }) {
    const { id } = await arrange.user(newUser('Ada'));
    return tokenPurposes.map(
      (purpose) =>
        ({ oneTimeTokens }) =>
          oneTimeTokens.replace(newToken(id, purpose, { digest: purpose })),
    );
  },
  async look({ oneTimeTokens }) {
    const owners: unknown[] = [];
    for (const purpose of tokenPurposes) {
      owners.push((await oneTimeTokens.findUser(purpose, [purpose], noon))?.email);
    }
    return owners;
  },
  shown: tokenPurposes.map(() => newUser('Ada').email),
  reads: ({ oneTimeTokens }) => tokenPurposes.map((purpose) => () => oneTimeTokens.findUser('any', [purpose], noon)),
});

const promises: readonly PortPromise<OneTimeTokensInstance>[] = [
  {
    part: 'faithful',
    name: 'a one-time token of any purpose finds its user until it is consumed, and is then returned as it was stored',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      for (const token of await addTokens(store, user.id)) {
        const { digest, purpose } = token;
        const find = () => store.oneTimeTokens.findUser(digest, [purpose], noon);
        expectSame([await find(), await find()], [user, user], `findUser for ${purpose}, twice`);
        expectSame(await consume(store, digest, [purpose]), token, `consume for ${purpose}`);
        const after = [await find(), await consume(store, digest, [purpose])];
        expectSame(after, [undefined, undefined], `findUser and consume for ${purpose}, once it is consumed`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a one-time token is valid for its own purpose until it expires',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const token of await addTokens(store, id)) {
        const { digest, purpose } = token;
        const others = tokenPurposes.filter((other) => other !== purpose);
        const find = async (purposes: readonly TokenPurpose[], at = noon) =>
          (await store.oneTimeTokens.findUser(digest, purposes, at))?.id;
        expectSame(await find(others), undefined, `findUser for other purposes than ${purpose}`);
        expectSame(await find([purpose], later), undefined, `findUser for ${purpose}, once it has expired`);
        expectSame(await find([...others, purpose]), id, `findUser for several purposes with ${purpose}`);
        expectSame(await consume(store, digest, others), undefined, `consume for other purposes than ${purpose}`);
        expectSame(await consume(store, `${digest}?`, [purpose]), undefined, `consume for ${purpose}, another digest`);
        expectSame(await consume(store, digest, [purpose], later), undefined, `consume for ${purpose}, expired`);
        expectSame(await consume(store, digest), token, `consume for several purposes with ${purpose}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'one-time tokens of every purpose are deleted with their user or on request, and rejected afterwards',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const cid = await store.arrange.user(newUser('Cid'));
      const [ofAda, ofBob] = [await addTokens(store, ada.id), await addTokens(store, bob.id)];
      const ofCid = await addTokens(store, cid.id);
      await store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.deleteAllOf(ada.id));
      expectSame(await consumeAll(store, ofAda), nothing, 'consume, after deleteAllOf their user');
      await store.arrange.deleteUser(bob.id);
      expectSame(await consumeAll(store, ofBob), nothing, 'consume, after their user was deleted');
      expectSame(await consumeAll(store, ofCid), ofCid, 'consume, of another user');
      for (const token of ofBob) {
        const replace = store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.replace(token));
        await expectRefusal(replace, 'user_no_longer_exists', `replace for ${token.purpose}`);
      }
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
      expectSame(
        [await purge(), await purge(), await purge()],
        [limit, 1, 0],
        `purge of at most ${limit}, three times`,
      );
      expectSame(await consumeAll(store, kept), kept, 'consume, of the tokens that have not expired');
    },
  },
  {
    part: 'unique',
    name: 'a one-time token replaces the earlier one of the same user and purpose, and no other',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      for (const purpose of tokenPurposes) {
        const [earlier, ofBob] = [await addTokens(store, ada.id), await addTokens(store, bob.id)];
        const latest = newToken(ada.id, purpose, { digest: `another ${purpose}` });
        await store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.replace(latest));
        const left = earlier.map((token) => (token.purpose === purpose ? undefined : token));
        expectSame(await consumeAll(store, earlier), left, `the earlier tokens after replace for ${purpose}`);
        expectSame(await consume(store, latest.digest, [purpose]), latest, `the latest token for ${purpose}`);
        expectSame(await consumeAll(store, ofBob), ofBob, `the tokens of another user after replace for ${purpose}`);
      }
    },
  },
  {
    part: 'once',
    name: 'a one-time token of any purpose is consumed by one of twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const token of await addTokens(store, id)) {
        const outcomes = await race(() => consume(store, token.digest, [token.purpose]));
        const consumed = fulfilled(outcomes).filter((one) => one !== undefined);
        expectSame(consumed, [token], `what the callers got that consumed for ${token.purpose}`);
      }
    },
  },
];
