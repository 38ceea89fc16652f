import type { DomainEvent } from '@sallyport/core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore, type Sql } from '../src/index.ts';

let database: Sql;
beforeAll(async () => {
  database = openPg((await createDatabase()).url);
  await migrate(database);
});
afterAll(() => database.close());

/** A promise that is resolved from outside. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

const event = (type: DomainEvent['type']): DomainEvent => ({ type, at: new Date(0), detail: {} });

it('a position of a server that had counted more transactions is rejected', async () => {
  const { audit } = postgresStore(database);
  await expect(audit.since('999999999999-1', 1)).rejects.toThrow(
    'The position in the audit is of another database server',
  );
});

it('a consumer of the audit does not miss an event whose transaction commits after a later one', async () => {
  const { audit, unitOfWork } = postgresStore(database);
  const [written, held] = [gate(), gate()];
  const slow = unitOfWork.run(async (transaction) => {
    await transaction.audit.append(event('user.registered'));
    written.open();
    await held.opened;
  });
  await written.opened;
  await unitOfWork.run((transaction) => transaction.audit.append(event('user.logged_in')));
  const early = await audit.since(undefined, 10);
  expect(early).toEqual({ entries: [], position: undefined });
  held.open();
  await slow;
  // Transactions in other databases of the server hold the entries back, too.
  const { entries } = await vi.waitFor(async () => {
    const page = await audit.since(early.position, 10);
    expect(page.entries).toHaveLength(2);
    return page;
  }, 30_000);
  expect(entries.map(({ type }) => type)).toEqual(['user.registered', 'user.logged_in']);
});
