import { isSallyportError } from '../model/errors.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { PortPromise } from './contract.ts';
import { expectSame, expectThat, rejection } from './expect.ts';

/** How to write and read the records of one port. */
export interface PortAccess<Instance, Repositories> {
  /** Arranges the users that the records refer to. Returns functions that append one record of each kind. */
  readonly prepare: (instance: Instance) => Promise<readonly Append<Repositories>[]>;
  /** What the port shows of its records, without the ids that it gave them. */
  readonly look: (instance: Instance) => Promise<unknown>;
  /** What `look` returns once all of them are appended. */
  readonly shown: unknown;
  /** One call of each method that reads outside transactions, if there are any. */
  readonly reads?: (instance: Instance) => readonly (() => Promise<unknown>)[];
}

type Append<Repositories> = (transaction: Repositories) => Promise<unknown>;

function appendAll<Repositories>(appends: readonly Append<Repositories>[]) {
  return async (transaction: Repositories) => {
    for (const append of appends) await append(transaction);
  };
}

/** What every store port promises about its transactions and about other instances. */
export function transactionPromises<Repositories, Instance extends { readonly unitOfWork: UnitOfWork<Repositories> }>(
  record: string,
  { prepare, look, shown, reads }: PortAccess<Instance, Repositories>,
): readonly PortPromise<Instance>[] {
  return [
    {
      part: 'rolled back',
      name: `${record} is stored only if its transaction commits`,
      async holds(instance) {
        const append = appendAll(await prepare(instance));
        const before = await look(instance);
        const reason = new Error('changed my mind');
        const failing = instance.unitOfWork.run(async (transaction) => {
          await append(transaction);
          throw reason;
        });
        expectSame(await rejection(failing), reason, 'run, whose work throws');
        expectSame(await look(instance), before, 'the records after a transaction that failed');
        await instance.unitOfWork.run(append);
        expectSame(await look(instance), shown, 'the records after a transaction that committed');
      },
    },
    {
      part: 'isolated',
      name: `a transaction that has ended does not append ${record}`,
      async holds(instance) {
        const appends = await prepare(instance);
        const before = await look(instance);
        const ended = await instance.unitOfWork.run(async (transaction) => ({ transaction }));
        for (const [index, append] of appends.entries()) {
          const error = await rejection((async () => append(ended.transaction))());
          expectThat(error instanceof Error, error, 'an Error', `append ${index + 1}, after the transaction`);
        }
        expectSame(await look(instance), before, 'the records');
      },
    },
    {
      part: 'isolated',
      name: `${record} of one instance does not appear in an unrelated one`,
      async holds(first, openSecond) {
        const second = await openSecond();
        const [appendToFirst, appendToSecond] = [await prepare(first), await prepare(second)];
        const before = await look(second);
        await first.unitOfWork.run(appendAll(appendToFirst));
        expectSame(await look(first), shown, 'the first instance, after a write there');
        expectSame(await look(second), before, 'the second instance, after a write in the first');
        await second.unitOfWork.run(appendAll(appendToSecond));
        expectSame(await look(second), shown, 'the second instance, after the same write there');
        expectSame(await look(first), shown, 'the first instance, after a write in the second');
      },
    },
    ...(reads ? readPromises(record, reads) : []),
  ];
}

function readPromises<Instance extends { readonly unitOfWork: UnitOfWork<unknown> }>(
  record: string,
  reads: (instance: Instance) => readonly (() => Promise<unknown>)[],
): readonly PortPromise<Instance>[] {
  return [
    {
      part: 'isolated',
      name: `a read of ${record} past the open transaction is rejected at once, and works again after it`,
      async holds(instance) {
        for (const [index, read] of reads(instance).entries()) {
          const error = await instance.unitOfWork.run(() => rejection((async () => read())()));
          expectNested(error, `read ${index + 1} inside a transaction`);
          await read();
        }
      },
    },
  ];
}

/**
 * @throws Error unless this is the error for a call that bypasses its own transaction, which is a bug and no refusal
 */
export function expectNested(error: unknown, what: string): void {
  expectThat(error instanceof Error && !isSallyportError(error), error, 'an Error that is not a SallyportError', what);
}
