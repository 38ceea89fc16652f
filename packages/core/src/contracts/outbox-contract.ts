import { secondsAfter } from '../model/policy.ts';
import type { ClaimedMail, QueuedMail } from '../ports/outbox.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { type ContractCase, casesOf, fulfilled, type Open, type PortPromise, race } from './contract.ts';
import { expectSame } from './expect.ts';
import { addMails, claim, kinds, newMails, type OutboxInstance, withoutClaim } from './outbox-instance.ts';
import { later, newUser, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** What `WritableOutbox` promises, for every kind of mail of the core and for one of a module. */
export function outboxContract(open: Open<OutboxInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

const locale = 'sr-Latn-RS';
const data = {
  title: `Zoë's "<b>" \\ 🜁`,
  empty: '',
  count: 0,
  negative: -2.5,
  large: 2 ** 53,
  isNew: true,
  isOld: false,
};

/** What a mail may say besides its kind and address. */
const facts: readonly Pick<QueuedMail, 'locale' | 'data' | 'network'>[] = [
  {},
  { locale },
  { data },
  { locale, data },
  { data: {} },
  { network: '' },
  { network: '2001:db8:1::/48', locale, data },
];

const inTransactions = transactionPromises<Pick<Transaction, 'outbox'>, OutboxInstance>('a mail of any kind', {
  prepare: async () => newMails().map((mail) => (transaction) => transaction.outbox.append(mail)),
  // The lease ends at once, so looking does not change what a later look shows.
  look: async ({ unitOfWork }) =>
    withoutClaim(await unitOfWork.run(({ outbox }) => outbox.claim({ at: noon, until: noon, limit: 100 }))),
  shown: newMails(),
});

const promises: readonly PortPromise<OutboxInstance>[] = [
  {
    part: 'faithful',
    name: 'a mail of any kind is claimed as it was appended, oldest first, and not again until the lease ends',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const mails = await addMails(store, [...newMails(), ...newMails(id)]);
      const half = kinds.length;
      const claimed = [...(await claim(store, noon, half)), ...(await claim(store, noon, half))];
      expectSame(withoutClaim(claimed), mails, `two claims of at most ${half} mails`);
      expectSame(new Set(claimed.map((mail) => mail.id)).size, mails.length, 'the number of different ids');
      expectSame(await claim(store, secondsAfter(noon, 59)), [], 'claim, a second before the leases end');
      const again = await claim(store, secondsAfter(noon, 60));
      expectSame(withoutClaim(again), mails, 'claim, when the leases end');
      const attempts = [...claimed, ...again].map((mail) => mail.attempts);
      expectSame(attempts, [...mails.map(() => 1), ...mails.map(() => 2)], 'the attempts');
    },
  },
  {
    part: 'faithful',
    name: 'a mail of any kind is claimed with the locale, the data and the network that it was appended with, or without them',
    async holds(store) {
      for (const fact of facts) {
        const mails = await addMails(
          store,
          newMails().map((mail) => ({ ...mail, ...fact })),
        );
        const claimed = await claim(store, noon);
        expectSame(withoutClaim(claimed), mails, 'claim');
        const again = await claim(store, secondsAfter(noon, 60));
        expectSame(withoutClaim(again), mails, 'claim, when the leases end');
        await store.unitOfWork.run(async ({ outbox }) => {
          for (const mail of again) await outbox.delete(mail);
        });
      }
    },
  },
  {
    part: 'faithful',
    name: 'a postponed mail of any kind is claimed again from that moment on, and a deleted one never',
    async holds(store) {
      await addMails(store, [...newMails(), ...newMails()]);
      const claimed = await claim(store, noon);
      const [postponed, deleted] = [claimed.slice(0, kinds.length), claimed.slice(kinds.length)];
      await store.unitOfWork.run(async ({ outbox }) => {
        for (const mail of postponed) await outbox.postpone(mail, later);
        for (const mail of deleted) await outbox.delete(mail);
      });
      expectSame(await claim(store, secondsAfter(later, -1)), [], 'claim, before that moment');
      const due = await claim(store, secondsAfter(later, 3600));
      expectSame(withoutClaim(due), newMails(), 'claim, after that moment');
      expectSame(
        due.map(({ id, attempts }) => [id, attempts]),
        postponed.map(({ id }) => [id, 2]),
        'the ids and attempts',
      );
    },
  },
  {
    part: 'faithful',
    name: 'a mail of any kind belongs to its last claim until it is cancelled',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      await addMails(store, newMails(id));
      const [lost, current] = [await claim(store, noon), await claim(store, later)];
      expectSame([lost.length, current.length], [kinds.length, kinds.length], 'the claimed mails');
      const held = (mails: readonly ClaimedMail[]) =>
        store.unitOfWork.run(async ({ outbox }) => {
          const heldKinds: string[] = [];
          for (const mail of mails) if (await outbox.holds(mail)) heldKinds.push(mail.kind);
          return heldKinds;
        });
      await store.unitOfWork.run(async ({ outbox }) => {
        for (const mail of lost) await outbox.postpone(mail, noon);
        for (const mail of lost) await outbox.delete(mail);
      });
      expectSame(await held(lost), [], 'the kinds that an earlier claim holds');
      expectSame(await held(current), kinds, 'the kinds that the last claim holds');
      expectSame(await claim(store, later), [], 'claim, before the lease of the last claim ends');
      for (const kind of kinds) await store.unitOfWork.run(({ outbox }) => outbox.cancel(id, kind));
      expectSame(await held(current), [], 'the kinds that the last claim holds, once cancelled');
    },
  },
  {
    part: 'faithful',
    name: 'a mail of any kind is counted once its current claim says so, and stays counted',
    async holds(store) {
      await addMails(store, [...newMails(), ...newMails()]);
      const mark = (mails: readonly ClaimedMail[]) =>
        store.unitOfWork.run(async ({ outbox }) => {
          for (const mail of mails) await outbox.markCounted(mail);
        });
      const first = await claim(store, noon);
      await mark(first.slice(0, kinds.length));
      const second = await claim(store, later);
      await mark(first.slice(kinds.length));
      const third = await claim(store, secondsAfter(later, 60));
      const counted = [first, second, third].map((mails) => mails.map((mail) => mail.counted));
      const half = [...kinds.map(() => true), ...kinds.map(() => false)];
      expectSame(counted, [half.map(() => false), half, half], 'which mails are counted, of three claims');
    },
  },
  {
    part: 'faithful',
    name: 'a mail of any kind is cancelled for its user and kind alone',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const ofOthers = [...newMails(bob.id), ...newMails()];
      let left = await addMails(store, newMails(ada.id));
      await addMails(store, ofOthers);
      for (const [minutes, kind] of kinds.entries()) {
        await store.unitOfWork.run(({ outbox }) => outbox.cancel(ada.id, kind));
        left = left.filter((mail) => mail.kind !== kind);
        const claimed = withoutClaim(await claim(store, secondsAfter(noon, minutes * 60)));
        expectSame(claimed, [...left, ...ofOthers], `claim, after cancel of ${kind}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'mails of every kind are cancelled together, for their user alone',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const ofOthers = [...newMails(bob.id), ...newMails()];
      await addMails(store, [...newMails(ada.id), ...ofOthers]);
      await store.unitOfWork.run(({ outbox }) => outbox.cancel(ada.id));
      expectSame(withoutClaim(await claim(store, noon)), ofOthers, 'claim, after cancel of every kind');
    },
  },
  {
    part: 'faithful',
    name: 'every mail of one kind is cancelled for all recipients, and no mail of another kind',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      for (const kind of kinds) {
        const mails = await addMails(store, [...newMails(id), ...newMails()]);
        await store.unitOfWork.run(({ outbox }) => outbox.cancelEvery(kind));
        const claimed = await claim(store, noon);
        const others = mails.filter((mail) => mail.kind !== kind);
        expectSame(withoutClaim(claimed), others, `claim, after cancelEvery of ${kind}`);
        await store.unitOfWork.run(async ({ outbox }) => {
          for (const mail of claimed) await outbox.delete(mail);
        });
      }
    },
  },
  {
    part: 'faithful',
    name: 'a queued mail of any kind is kept when its user is deleted',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const mails = await addMails(store, newMails(id));
      await store.arrange.deleteUser(id);
      const claimed = await claim(store, noon);
      expectSame(
        claimed.map(({ kind, email }) => [kind, email]),
        mails.map(({ kind, email }) => [kind, email]),
        'claim, after the user was deleted',
      );
    },
  },
  {
    part: 'faithful',
    name: 'a mail of any kind counts as waiting until it is deleted, with the time at which the oldest was queued',
    async holds(store) {
      const expectWaiting = async (count: number, oldestQueuedAt: Date | undefined, what: string) => {
        const waiting = await store.unitOfWork.run(({ outbox }) => outbox.waiting());
        expectSame(waiting, { count, oldestQueuedAt }, `the waiting mails, ${what}`);
      };
      const count = kinds.length;
      await expectWaiting(0, undefined, 'at first');
      await addMails(store, [...newMails().map((mail) => ({ ...mail, queuedAt: later })), ...newMails()]);
      const claimed = (await claim(store, later)).toSorted((a, b) => a.queuedAt.getTime() - b.queuedAt.getTime());
      await expectWaiting(2 * count, noon, 'once claimed');
      for (const [index, mail] of claimed.entries()) {
        await store.unitOfWork.run(({ outbox }) => outbox.delete(mail));
        if (index === count - 1) await expectWaiting(count, later, 'without the older half');
      }
      await expectWaiting(0, undefined, 'once all are deleted');
    },
  },
  {
    part: 'once',
    name: 'a mail of any kind is claimed by one of twenty callers',
    async holds(store) {
      await addMails(store, newMails());
      const claimed = fulfilled(await race(() => claim(store, noon))).flat();
      expectSame(claimed.map(({ kind }) => kind).toSorted(), kinds.toSorted(), 'the kinds that were claimed');
    },
  },
];
