import type { Email } from '../model/email.ts';
import { secondsAfter } from '../model/policy.ts';
import type { QueuedMail } from '../ports/outbox.ts';
import type { StorePorts } from '../ports/ports.ts';
import { race } from './contract.ts';
import { expectSame, rejection } from './expect.ts';
import { later, noon } from './samples.ts';
import type { StorePromise } from './store-promise.ts';

function newMail(name: string, fields: Partial<QueuedMail> = {}): QueuedMail {
  return { kind: 'reset-password', email: `${name}@example.com` as Email, queuedAt: noon, ...fields };
}

async function addMails({ unitOfWork }: StorePorts, ...mails: readonly QueuedMail[]): Promise<void> {
  await unitOfWork.run(async ({ outbox }) => {
    for (const mail of mails) await outbox.append(mail);
  });
}

function claim({ unitOfWork }: StorePorts, at: Date, limit = 100) {
  return unitOfWork.run(({ outbox }) => outbox.claim({ at, until: secondsAfter(at, 60), limit }));
}

/** What the outbox promises. */
export const outboxPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'is claimed as it was appended, the oldest first, and then by nobody until the lease ends',
    async holds(store) {
      const mails = [newMail('a'), newMail('b', { kind: 'change-email', userId: 7 }), newMail('c')];
      await addMails(store, ...mails);
      const [first, second] = [await claim(store, noon, 2), await claim(store, noon, 2)];
      const told = [...first, ...second].map(({ id: _, attempts, ...mail }) => ({ attempts, mail }));
      expectSame(
        told,
        mails.map((mail) => ({ attempts: 1, mail })),
        'claim, twice',
      );
      expectSame(await claim(store, secondsAfter(noon, 59)), [], 'before the lease ends');
      const again = await claim(store, secondsAfter(noon, 60));
      expectSame(
        again.map(({ attempts }) => attempts),
        [2, 2, 2],
        'attempts',
      );
    },
  },
  {
    part: 'faithful',
    name: 'is due again when it was postponed to, and never once it is deleted',
    async holds(store) {
      await addMails(store, newMail('a'), newMail('b'));
      const [first, second] = await claim(store, noon);
      await store.unitOfWork.run(async ({ outbox }) => {
        if (first) await outbox.postpone(first, later);
        if (second) await outbox.delete(second);
      });
      expectSame(await claim(store, secondsAfter(later, -1)), [], 'before');
      const due = await claim(store, secondsAfter(later, 3600));
      expectSame(
        due.map(({ id, attempts }) => [id, attempts]),
        [[first?.id, 2]],
        'from then on',
      );
    },
  },
  {
    part: 'faithful',
    name: 'is in the hands of whoever claimed it last, until it is gone',
    async holds(store) {
      await addMails(store, newMail('a', { kind: 'change-email', userId: 7 }));
      const [lost] = await claim(store, noon);
      const [current] = await claim(store, later);
      if (!lost || !current) throw new Error('A mail that was due was not claimed');
      const told = await store.unitOfWork.run(async ({ outbox }) => {
        await outbox.postpone(lost, noon);
        await outbox.delete(lost);
        return [await outbox.holds(lost), await outbox.holds(current)];
      });
      expectSame(told, [false, true], 'holds');
      expectSame(await claim(store, later), [], 'before the lease of the claim that counts ends');
      await store.unitOfWork.run(({ outbox }) => outbox.cancel(7, 'change-email'));
      expectSame(await store.unitOfWork.run(({ outbox }) => outbox.holds(current)), false, 'holds, once cancelled');
    },
  },
  {
    part: 'faithful',
    name: 'is cancelled for its user and kind, and no other is',
    async holds(store) {
      const mails = [
        newMail('a', { kind: 'change-email', userId: 7 }),
        newMail('b', { kind: 'change-email', userId: 8 }),
        newMail('c', { kind: 'email-change-requested', userId: 7 }),
        newMail('d'),
      ];
      await addMails(store, ...mails);
      await store.unitOfWork.run(({ outbox }) => outbox.cancel(7, 'change-email'));
      const left = (await claim(store, noon)).map(({ id: _, attempts: __, ...mail }) => mail);
      expectSame(left, mails.slice(1), 'what is left');
    },
  },
  {
    part: 'once',
    name: 'is claimed by one of twenty who try',
    async holds(store) {
      await addMails(store, newMail('a'));
      const outcomes = await race(() => claim(store, noon));
      const claimed = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
      expectSame(claimed.length, 1, 'winners');
    },
  },
  {
    part: 'rolled back',
    name: 'is never sent when its transaction fails',
    async holds(store) {
      await rejection(
        store.unitOfWork.run(async ({ outbox }) => {
          await outbox.append(newMail('a'));
          throw new Error('never mind');
        }),
      );
      expectSame(await claim(store, later), [], 'claim');
    },
  },
];
