import type { Transaction } from '../ports/unit-of-work.ts';
import { type OneTimeToken, type TokenPurpose, tokenPurposes } from '../ports/one-time-tokens.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { oneTimeTokensDeletions } from './one-time-tokens-deletions.ts';
import {
  addTokens,
  append,
  consume,
  consumeAll,
  newToken,
  type OneTimeTokensInstance,
} from './one-time-tokens-instance.ts';
import { later, newUser, noon } from './samples.ts';
import { secondsAfter } from '../model/policy.ts';
import { transactionPromises } from './transaction-promises.ts';

/** What `OneTimeTokens` and `WritableOneTimeTokens` promise, for every purpose. */
export function oneTimeTokensContract(open: Open<OneTimeTokensInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...oneTimeTokensDeletions, ...inTransactions]);
}

const inTransactions = transactionPromises<Pick<Transaction, 'oneTimeTokens'>, OneTimeTokensInstance>(
  'a one-time token of any purpose',
  {
    async prepare({ arrange }) {
      const { id } = await arrange.user(newUser('Ada'));
      return tokenPurposes.map(
        (purpose) =>
          ({ oneTimeTokens }) =>
            oneTimeTokens.append(newToken(id, purpose, { digest: purpose }), { mail: purpose, keep: 3 }),
      );
    },
    async look({ oneTimeTokens }) {
      const owners: unknown[] = [];
      for (const purpose of tokenPurposes) {
        owners.push((await oneTimeTokens.find({ digest: purpose, purposes: [purpose], at: noon }))?.user.email);
      }
      return owners;
    },
    shown: tokenPurposes.map(() => newUser('Ada').email),
    reads: ({ oneTimeTokens }) =>
      tokenPurposes.map((purpose) => () => oneTimeTokens.find({ digest: 'any', purposes: [purpose], at: noon })),
  },
);

function use({ unitOfWork }: OneTimeTokensInstance, digest: string, purposes = tokenPurposes.slice(), at = noon) {
  return unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.use({ digest, purposes, at }));
}

const promises: readonly PortPromise<OneTimeTokensInstance>[] = [
  {
    part: 'faithful',
    name: 'a one-time token of any purpose is found with its user until it is consumed, and is then returned as it was stored',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      for (const token of await addTokens(store, user.id)) {
        const { digest, purpose } = token;
        const find = () => store.oneTimeTokens.find({ digest, purposes: [purpose], at: noon });
        const found = { token, user };
        expectSame([await find(), await find()], [found, found], `find for ${purpose}, twice`);
        expectSame(await consume(store, digest, [purpose]), token, `consume for ${purpose}`);
        const after = [await find(), await consume(store, digest, [purpose]), await use(store, digest, [purpose])];
        expectSame(after, [undefined, undefined, undefined], `find, consume and use for ${purpose}, once consumed`);
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
          (await store.oneTimeTokens.find({ digest, purposes, at }))?.user.id;
        expectSame(await find(others), undefined, `find for other purposes than ${purpose}`);
        expectSame(await find([purpose], later), undefined, `find for ${purpose}, once it has expired`);
        expectSame(await find([...others, purpose]), id, `find for several purposes with ${purpose}`);
        for (const attempt of [use, consume]) {
          const name = attempt === use ? 'use' : 'consume';
          expectSame(await attempt(store, digest, others), undefined, `${name} for other purposes than ${purpose}`);
          expectSame(await attempt(store, `${digest}?`, [purpose]), undefined, `${name} of another digest`);
          expectSame(await attempt(store, digest, [purpose], later), undefined, `${name} for ${purpose}, expired`);
        }
        expectSame(await consume(store, digest), token, `consume for several purposes with ${purpose}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a one-time token of any purpose that was used is valid, and remembers its first use',
    async holds(store) {
      const user = await store.arrange.user(newUser('Ada'));
      for (const token of await addTokens(store, user.id, { expiresAt: secondsAfter(later, 60) })) {
        const { digest, purpose } = token;
        const used = { ...token, usedAt: noon };
        expectSame(await use(store, digest, [purpose]), token, `the first use for ${purpose}`);
        expectSame(await use(store, digest, tokenPurposes.slice(), later), used, `the second use for ${purpose}`);
        expectSame(await use(store, digest, [purpose], later), used, `the third use for ${purpose}`);
        const found = await store.oneTimeTokens.find({ digest, purposes: [purpose], at: later });
        expectSame(found, { token: used, user }, `find for ${purpose}, after its use`);
        expectSame(await consume(store, digest, [purpose], later), used, `consume for ${purpose}, after its use`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'the newest one-time tokens of a user and purpose stay, down to a number to keep',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      for (const purpose of tokenPurposes) {
        const [others, ofBob] = [await addTokens(store, ada.id), await addTokens(store, bob.id)];
        const own = others.find((token) => token.purpose === purpose);
        const newer = [1, 2, 3].map((seconds) =>
          newToken(ada.id, purpose, { digest: `${purpose} ${seconds}`, createdAt: secondsAfter(noon, seconds) }),
        );
        await append(store, newer.slice(0, 2), 3);
        expectSame(await use(store, own?.digest ?? ''), own, `the oldest of three tokens for ${purpose}`);
        await append(store, newer.slice(2), 3);
        const left = others.map((token) => (token.purpose === purpose ? undefined : token));
        expectSame(await consumeAll(store, others), left, `the oldest of four, and the other purposes of ${purpose}`);
        expectSame(await consumeAll(store, newer), newer, `the newest three tokens for ${purpose}`);
        expectSame(await consumeAll(store, ofBob), ofBob, `the tokens of another user beside ${purpose}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'one-time tokens of one mail take the place of no other mail, and of them the newest stay',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const purpose of tokenPurposes) {
        const tokens = (mail: string, ...times: readonly number[]) =>
          times.map((seconds) =>
            newToken(id, purpose, {
              digest: `${purpose} ${seconds} in ${mail}`,
              createdAt: secondsAfter(noon, seconds),
            }),
          );
        const [first, failing] = [tokens('first', 1), tokens('failing', 2, 3, 4, 6)];
        const [third, fourth] = [tokens('third', 5), tokens('fourth', 7)];
        await append(store, first, 3, 'first');
        await append(store, failing.slice(0, 3), 3, 'failing');
        await append(store, third, 3, 'third');
        await append(store, failing.slice(3), 3, 'failing');
        expectSame(await use(store, first[0]?.digest ?? ''), first[0], `the first of three mails for ${purpose}`);
        await append(store, fourth, 3, 'fourth');
        const left = await consumeAll(store, [...first, ...failing, ...third, ...fourth]);
        const kept = [undefined, undefined, ...failing.slice(1), ...third, ...fourth];
        expectSame(left, kept, `the tokens of four mails for ${purpose}, of which one was sent four times`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'a one-time token of any purpose stays when it is appended, whatever the times of those before it',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const purpose of tokenPurposes) {
        const ahead = [3, 2, 1].map((seconds) =>
          newToken(id, purpose, { digest: `${purpose} ${seconds}`, createdAt: secondsAfter(noon, seconds) }),
        );
        await append(store, ahead, 3);
        const last = newToken(id, purpose, { digest: `${purpose} last` });
        await append(store, [last], 3);
        const left = await consumeAll(store, [last, ...ahead]);
        expectSame(left, [last, ...ahead.slice(0, 2), undefined], `the last token for ${purpose}, and earlier ones`);
      }
    },
  },
  {
    part: 'unique',
    name: 'of one-time tokens that were created at the same moment no more stay than are to be kept',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const purpose of tokenPurposes) {
        const tokens = [1, 2, 3, 4, 5].map((n) => newToken(id, purpose, { digest: `${purpose} ${n}` }));
        await append(store, tokens, 3);
        const left = (await consumeAll(store, tokens)).filter((token) => token !== undefined);
        expectSame(left.length, 3, `the number of tokens for ${purpose}, of five of which three are kept`);
        await append(store, tokens, 1);
        const last = (await consumeAll(store, tokens)).filter((token) => token !== undefined);
        expectSame(last.length, 1, `the number of tokens for ${purpose}, of five of which one is kept`);
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
  {
    part: 'once',
    name: 'a one-time token of any purpose is used for the first time by one of twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const token of await addTokens(store, id)) {
        const outcomes = fulfilled(await race(() => use(store, token.digest, [token.purpose])));
        const first = outcomes.filter((one: OneTimeToken | undefined) => one && !one.usedAt);
        expectSame([outcomes.length, first], [20, [token]], `how many used for ${token.purpose}, and who was first`);
      }
    },
  },
];
