import type { Transaction } from '../ports/unit-of-work.ts';
import type { DomainEvent } from '../model/domain-event.ts';
import { eventTypes } from '../model/event-types.ts';
import { secondsAfter } from '../model/policy.ts';
import type { Audit, AuditEntry, AuditFilter, AuditPosition } from '../ports/audit.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';
import { type ContractCase, casesOf, type Open, type PortPromise } from './contract.ts';
import { expectSame, expectThat, rejection } from './expect.ts';
import { later, newUser, noon } from './samples.ts';
import { transactionPromises } from './transaction-promises.ts';

/** An instance of `Audit` for its contract. */
export interface AuditInstance {
  readonly audit: Audit;
  readonly unitOfWork: UnitOfWorkOn<'audit'>;
  readonly arrange: Pick<ArrangeUsers, 'user' | 'deleteUser'>;
}

/** What `Audit` and `WritableAudit` promise, for every type of event. */
export function auditContract(open: Open<AuditInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

/** An event of every type. */
function newEvents(fields: Partial<DomainEvent> = {}): readonly DomainEvent[] {
  return eventTypes.map((type) => ({ type, at: noon, detail: {}, ...fields }));
}

async function addEvents({ unitOfWork }: AuditInstance, events: readonly DomainEvent[]): Promise<void> {
  await unitOfWork.run(async ({ audit }) => {
    for (const event of events) await audit.append(event);
  });
}

/** The entries of the whole list, newest first. */
function list({ audit }: AuditInstance, filter: AuditFilter = {}) {
  return audit.list(filter, { skip: 0, limit: 10 * eventTypes.length });
}

/** Milliseconds that a store may hold entries back: transactions of other tests may be older. */
const patience = 30_000;

/** Reads on from a position, seven entries at a time, until all entries that are listed are received. */
async function consume(store: AuditInstance, from?: { readonly position: AuditPosition; readonly received: number }) {
  const entries: AuditEntry[] = [];
  const count = (await list(store)).length - (from?.received ?? 0);
  let position = from?.position;
  for (const end = Date.now() + patience; entries.length < count && Date.now() < end;) {
    const page = await store.audit.since(position, 7);
    expectThat(page.entries.length <= 7, page.entries.length, 'at most 7', 'the entries of a page');
    entries.push(...page.entries);
    position = page.position;
  }
  return { entries, position };
}

const newestFirst = eventTypes.toReversed();

const inTransactions = transactionPromises<Pick<Transaction, 'audit'>, AuditInstance>('an event of any type', {
  prepare: async () => newEvents().map((event) => (transaction) => transaction.audit.append(event)),
  look: async (instance) => (await list(instance)).map(({ type }) => type),
  shown: newestFirst,
  reads: (instance) => [
    () => list(instance),
    () => instance.audit.since(undefined, 1),
    ...eventTypes.map((type) => () => list(instance, { type })),
  ],
});

const promises: readonly PortPromise<AuditInstance>[] = [
  {
    part: 'faithful',
    name: 'an event of any type is listed as it was appended, alone or with others, newest first',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const events = [
        ...newEvents(),
        ...newEvents({
          at: later,
          actorId: id,
          subjectId: id,
          ip: '2001:db8::1',
          userAgent: 'curl "é"',
          detail: { role: 'admin', count: 3, newDevice: true },
        }),
      ];
      await addEvents(store, events);
      await store.unitOfWork.run(({ audit }) => audit.appendAll(events));
      await store.unitOfWork.run(({ audit }) => audit.appendAll([]));
      const all = await list(store);
      expectSame(
        all.map(({ id: _, ...event }) => event),
        [...events, ...events].toReversed(),
        'list',
      );
      const ids = all.map((entry) => entry.id);
      expectSame(
        ids,
        [...new Set(ids)].toSorted((a, b) => b - a),
        'the ids',
      );
    },
  },
  {
    part: 'faithful',
    name: 'events of every type are listed page by page',
    async holds(store) {
      await addEvents(store, newEvents());
      const types: string[] = [];
      let after: number | undefined;
      for (let page = 0; page <= eventTypes.length; page += 1) {
        const entries = await store.audit.list({}, { skip: 0, limit: 3, after });
        expectThat(entries.length <= 3, entries.length, 'at most 3', 'the entries of a page');
        types.push(...entries.map(({ type }) => type));
        after = entries.at(-1)?.id ?? after;
      }
      expectSame(types, newestFirst, 'the pages one after the other');
      const skipped = await store.audit.list({}, { skip: 2, limit: 2 });
      expectSame(
        skipped.map(({ type }) => type),
        newestFirst.slice(2, 4),
        'list of 2, after a skip of 2',
      );
    },
  },
  {
    part: 'faithful',
    name: 'a consumer of events of every type gets each of them once, in the order of their transactions',
    async holds(store) {
      expectSame(
        await store.audit.since(undefined, 10),
        { entries: [], position: undefined },
        'since, of an empty audit',
      );
      await addEvents(store, newEvents());
      await addEvents(store, newEvents({ at: later }));
      const { entries, position } = await consume(store);
      expectSame(
        entries.map(({ type }) => type),
        [...eventTypes, ...eventTypes],
        'the pages one after the other',
      );
      expectSame(entries.toReversed(), await list(store), 'the same, newest first');
      expectSame(await store.audit.since(position, 10), { entries: [], position }, 'since, at the end');
      await addEvents(store, newEvents({ at: later }).slice(0, 1));
      const from = position === undefined ? undefined : { position, received: entries.length };
      const { entries: newer } = await consume(store, from);
      expectSame(
        newer.map(({ type }) => type),
        eventTypes.slice(0, 1),
        'the entries since then',
      );
    },
  },
  {
    part: 'faithful',
    name: 'a position that the store did not make is rejected',
    async holds(store) {
      for (const position of ['', 'x', '-1', '1-', "1' or true --", '9'.repeat(30)]) {
        const error = await rejection(store.audit.since(position, 1));
        expectThat(error instanceof RangeError, error, 'a RangeError', `since ${JSON.stringify(position)}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'an event of any type is found by its type, actor and subject, even after both were deleted',
    async holds(store) {
      const { id: actorId } = await store.arrange.user(newUser('Ada'));
      const { id: subjectId } = await store.arrange.user(newUser('Bob'));
      await addEvents(store, [...newEvents({ actorId }), ...newEvents({ subjectId }), ...newEvents()]);
      await addEvents(store, newEvents({ actorId, subjectId }));
      await store.arrange.deleteUser(actorId);
      await store.arrange.deleteUser(subjectId);
      const found = async (filter: AuditFilter) =>
        (await list(store, filter)).map((entry) => [entry.type, entry.actorId, entry.subjectId]);
      const both = newestFirst.map((type) => [type, actorId, subjectId]);
      const byActor = newestFirst.map((type) => [type, actorId, undefined]);
      const bySubject = newestFirst.map((type) => [type, undefined, subjectId]);
      expectSame(await found({ actorId }), [...both, ...byActor], 'list by actor');
      expectSame(await found({ subjectId }), [...both, ...bySubject], 'list by subject');
      expectSame(await found({ actorId, subjectId }), both, 'list by actor and subject');
      for (const type of eventTypes) {
        const ofType = [...both, ...bySubject, ...byActor].filter(([one]) => one === type);
        const without = [type, undefined, undefined];
        const expected = [ofType[0], without, ofType[1], ofType[2]];
        expectSame(await found({ type }), expected, `list by the type ${type}`);
        expectSame(await found({ type, actorId, subjectId }), [ofType[0]], `list by all three, for ${type}`);
      }
    },
  },
  {
    part: 'faithful',
    name: 'an event of any type is found by the address that it came from, literally',
    async holds(store) {
      const ips = ['192.0.2.1', '192.0.2.10', '2001:db8::1', undefined];
      for (const ip of ips) await addEvents(store, newEvents({ ip }));
      for (const ip of ['192.0.2.1', '2001:db8::1']) {
        const found = (await list(store, { ip })).map((entry) => [entry.type, entry.ip]);
        const expected = newestFirst.map((type) => [type, ip]);
        expectSame(found, expected, `list by the address ${ip}`);
      }
      expectSame(await list(store, { ip: '192.0.2' }), [], 'list by the beginning of an address');
    },
  },
  {
    part: 'faithful',
    name: 'an event of any type is found from one moment on, and before another',
    async holds(store) {
      const times = [noon, secondsAfter(noon, 30), later];
      for (const at of times) await addEvents(store, newEvents({ at }));
      const found = async (filter: AuditFilter) => (await list(store, filter)).map(({ at, type }) => [at, type]);
      const expected = (...moments: readonly Date[]) => moments.flatMap((at) => newestFirst.map((type) => [at, type]));
      const [first = noon, second = noon, third = noon] = times;
      expectSame(await found({ since: second }), expected(third, second), 'list since a moment');
      expectSame(await found({ since: secondsAfter(second, 0.001) }), expected(third), 'list since a moment after it');
      expectSame(await found({ until: second }), expected(first), 'list until a moment');
      expectSame(await found({ since: second, until: third }), expected(second), 'list between two moments');
      expectSame(await found({ since: third, until: first }), [], 'list since a moment after its end');
    },
  },
  {
    part: 'faithful',
    name: 'old events of every type are purged in batches',
    async holds(store) {
      await addEvents(store, [...newEvents(), ...newEvents({ at: later })]);
      const limit = eventTypes.length - 1;
      const purge = () => store.unitOfWork.run(({ audit }) => audit.purge(later, limit));
      expectSame(
        [await purge(), await purge(), await purge()],
        [limit, 1, 0],
        `purge of at most ${limit}, three times`,
      );
      expectSame(
        (await list(store)).map(({ type, at }) => [type, at]),
        newestFirst.map((type) => [type, later]),
        'the events that are left',
      );
    },
  },
];
