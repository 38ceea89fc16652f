import type { Email } from '../model/email.ts';
import type { UserId } from '../model/user.ts';
import type { OneTimeToken, TokenPurpose } from '../ports/one-time-tokens.ts';
import type { StorePorts } from '../ports/ports.ts';
import { race } from './contract.ts';
import { expectRefusal, expectSame } from './expect.ts';
import { addUser, later, noon } from './samples.ts';
import type { StorePromise } from './store-promise.ts';

function newToken(userId: UserId, digest: string, fields: Partial<OneTimeToken> = {}): OneTimeToken {
  return { userId, purpose: 'reset-password', email: 'ada@example.com' as Email, digest, expiresAt: later, ...fields };
}

async function addToken({ unitOfWork }: StorePorts, token: OneTimeToken): Promise<OneTimeToken> {
  await unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.replace(token));
  return token;
}

function consume({ unitOfWork }: StorePorts, digest: string, purpose: TokenPurpose, at = noon) {
  return unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.consume(digest, [purpose], at));
}

/** What the repositories of one-time tokens promise. */
export const oneTimeTokensPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'leads to its user until it is used, and says what it was when it is',
    async holds(store) {
      const user = await addUser(store, 'Ada');
      const token = await addToken(store, newToken(user.id, 'one'));
      const find = () => store.oneTimeTokens.findUser('one', ['reset-password'], noon);
      expectSame([await find(), await find()], [user, user], 'findUser, twice');
      expectSame(await consume(store, 'one', 'reset-password'), token, 'consume');
      expectSame([await find(), await consume(store, 'one', 'reset-password')], [undefined, undefined], 'afterwards');
    },
  },
  {
    part: 'faithful',
    name: 'is good for its purpose, until it expires',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const token = await addToken(store, newToken(id, 'one', { purpose: 'verify-email' }));
      const found = await store.oneTimeTokens.findUser('one', ['change-email', 'verify-email'], noon);
      expectSame(found?.id, id, 'findUser for one of several purposes');
      expectSame(await consume(store, 'one', 'reset-password'), undefined, 'another purpose');
      expectSame(await consume(store, 'two', 'verify-email'), undefined, 'another digest');
      expectSame(await consume(store, 'one', 'verify-email', later), undefined, 'once it has expired');
      expectSame(await store.oneTimeTokens.findUser('one', ['verify-email'], later), undefined, 'findUser by then');
      expectSame(await store.oneTimeTokens.findUser('one', ['change-email'], noon), undefined, 'findUser for another');
      const either = store.unitOfWork.run(({ oneTimeTokens }) =>
        oneTimeTokens.consume('one', ['change-email', 'verify-email'], noon),
      );
      expectSame(await either, token, 'one of several purposes');
    },
  },
  {
    part: 'faithful',
    name: 'goes with its user, or with all of theirs',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      await addToken(store, newToken(ada.id, 'one'));
      await addToken(store, newToken(ada.id, 'two', { purpose: 'verify-email' }));
      await addToken(store, newToken(bob.id, 'three'));
      await store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.deleteAllOf(ada.id));
      const left = [await consume(store, 'one', 'reset-password'), await consume(store, 'two', 'verify-email')];
      expectSame(left, [undefined, undefined], 'after deleteAllOf');
      await store.unitOfWork.run(({ users }) => users.delete(bob.id));
      expectSame(await consume(store, 'three', 'reset-password'), undefined, 'after the user was deleted');
      await expectRefusal(addToken(store, newToken(bob.id, 'four')), 'user_no_longer_exists', 'replace');
    },
  },
  {
    part: 'faithful',
    name: 'is purged in batches once it has expired',
    async holds(store) {
      for (const name of ['Ada', 'Bob', 'Cid']) {
        await addToken(store, newToken((await addUser(store, name)).id, name, { expiresAt: noon }));
      }
      const { id } = await addUser(store, 'Dan');
      const kept = await addToken(store, newToken(id, 'Dan'));
      const purge = () => store.unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.purge(later, 2));
      expectSame([await purge(), await purge(), await purge()], [2, 1, 0], 'purge');
      expectSame(await consume(store, 'Dan', 'reset-password'), kept, 'the token that stays');
    },
  },
  {
    part: 'unique',
    name: 'takes the place of the one before it for the same user and purpose',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      await addToken(store, newToken(id, 'one'));
      const other = await addToken(store, newToken(id, 'other', { purpose: 'verify-email' }));
      const second = await addToken(store, newToken(id, 'two'));
      expectSame(await consume(store, 'one', 'reset-password'), undefined, 'the one before');
      expectSame(await consume(store, 'two', 'reset-password'), second, 'the new one');
      expectSame(await consume(store, 'other', 'verify-email'), other, 'the one for another purpose');
    },
  },
  {
    part: 'once',
    name: 'is consumed by one of twenty who try',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      await addToken(store, newToken(id, 'one'));
      const outcomes = await race(() => consume(store, 'one', 'reset-password'));
      const consumed = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value !== undefined);
      expectSame(consumed.length, 1, 'winners');
    },
  },
];
