import { SallyportError } from '@sallyport/core';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore, type Sql } from '../src/index.ts';

let database: Sql;
beforeAll(async () => {
  database = openPg((await createDatabase()).url);
  await migrate(database, []);
});
afterAll(() => database.close());

const kept = async () =>
  (await database.query<{ bucket: string }>(sql`select bucket from sallyport.rate_limits`)).length;

const write = (bucket: string) => sql`insert into sallyport.rate_limits values (${bucket}, 1, now())`;
const divide = sql`select 1 / 0`;

describe('Writes that are sent ahead of their answers', () => {
  it('are committed with the transaction, and seen by its next statement', async () => {
    const seen = await database.transaction(async ({ send, query }) => {
      await send(write('a'));
      await send(write('b'));
      return (await query(sql`select bucket from sallyport.rate_limits`)).length;
    });
    expect([seen, await kept()]).toEqual([2, 2]);
  });

  it('fail the commit, which then keeps nothing', async () => {
    const before = await kept();
    const failing = database.transaction(async ({ send }) => {
      await send(write('c'));
      await send(divide);
      await send(write('d'));
      return 'done';
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await kept()).toBe(before);
  });

  it('are the cause of what fails behind them', async () => {
    const failing = database.transaction(async ({ send, query }) => {
      await send(divide);
      return query(write('e'));
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
  });

  it('are rolled back if the work fails, and leave the connection usable', async () => {
    const before = await kept();
    const refusal = new SallyportError('email_taken');
    const failing = database.transaction(async ({ send }) => {
      await send(write('f'));
      throw refusal;
    });
    await expect(failing).rejects.toBe(refusal);
    expect(await kept()).toBe(before);
  });

  it('keep what a unit of work promises: nothing is committed, although the work went on', async () => {
    const { unitOfWork, audit } = postgresStore(database);
    const event = { type: 'user.registered', at: new Date(0), detail: {} } as const;
    let wentOn = false;
    const run = unitOfWork.run(async (transaction) => {
      await transaction.audit.append({ ...event, type: null as never });
      await transaction.audit.append(event);
      wentOn = true;
    });
    await expect(run).rejects.toMatchObject({ code: '23502' });
    expect([wentOn, await audit.list({}, { skip: 0, limit: 10 })]).toEqual([true, []]);
  });
});
