import type { DomainEvent } from '../model/domain-event.ts';
import type { StorePorts } from '../ports/ports.ts';
import { expectSame, expectThat, rejection } from './expect.ts';
import { addUser, later, noon } from './samples.ts';
import { firstPage, type StorePromise } from './store-promise.ts';

function newEvent(fields: Partial<DomainEvent> = {}): DomainEvent {
  return { type: 'user.logged_in', at: noon, detail: {}, ...fields };
}

async function addEvents({ unitOfWork }: StorePorts, ...events: readonly DomainEvent[]): Promise<void> {
  await unitOfWork.run(async ({ audit }) => {
    for (const event of events) await audit.append(event);
  });
}

/** What the audit promises. */
export const auditPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'is listed as it was appended, newest first, page by page',
    async holds(store) {
      const full = newEvent({
        actorId: 1,
        subjectId: 2,
        ip: '2001:db8::1',
        userAgent: 'curl "é"',
        detail: { role: 'admin', count: 3, newDevice: true },
      });
      await addEvents(store, newEvent(), full, newEvent({ at: later }));
      const all = await store.audit.list({}, firstPage);
      expectSame(
        all.map(({ id: _, ...event }) => event),
        [newEvent({ at: later }), full, newEvent()],
        'all',
      );
      const [last, middle, first] = all.map(({ id }) => id);
      expectThat((last ?? 0) > (middle ?? 0) && (middle ?? 0) > (first ?? 0), 'Ids ascend');
      const ids = async (limit: number, after?: number) =>
        (await store.audit.list({}, { skip: 0, limit, after })).map(({ id }) => id);
      expectSame([await ids(1), await ids(1, last), await ids(9, middle)], [[last], [middle], [first]], 'pages');
    },
  },
  {
    part: 'faithful',
    name: 'is found by type, actor and subject, and outlives them',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      await addEvents(
        store,
        newEvent({ subjectId: id }),
        newEvent({ actorId: id, type: 'user.role_changed' }),
        newEvent({ actorId: id, subjectId: id, type: 'user.deleted' }),
      );
      await store.unitOfWork.run(({ users }) => users.delete(id));
      const types = async (filter: object) => (await store.audit.list(filter, firstPage)).map(({ type }) => type);
      expectSame(await types({ subjectId: id }), ['user.deleted', 'user.logged_in'], 'by subject');
      expectSame(await types({ actorId: id }), ['user.deleted', 'user.role_changed'], 'by actor');
      expectSame(await types({ type: 'user.logged_in' }), ['user.logged_in'], 'by type');
      expectSame(await types({ actorId: id, subjectId: id, type: 'user.deleted' }), ['user.deleted'], 'by all of them');
    },
  },
  {
    part: 'faithful',
    name: 'is purged in batches once it is old',
    async holds(store) {
      await addEvents(store, newEvent(), newEvent(), newEvent(), newEvent({ at: later }));
      const purge = () => store.unitOfWork.run(({ audit }) => audit.purge(later, 2));
      expectSame([await purge(), await purge(), await purge()], [2, 1, 0], 'purge');
      expectSame(
        (await store.audit.list({}, firstPage)).map(({ at }) => at),
        [later],
        'what stays',
      );
    },
  },
  {
    part: 'rolled back',
    name: 'is not told of when its transaction fails',
    async holds(store) {
      await rejection(
        store.unitOfWork.run(async ({ audit }) => {
          await audit.append(newEvent());
          throw new Error('never mind');
        }),
      );
      expectSame(await store.audit.list({}, firstPage), [], 'list');
    },
  },
];
