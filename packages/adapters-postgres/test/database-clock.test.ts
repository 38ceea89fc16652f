import sql from 'sql-template-tag';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clockContract } from '@sallyport/core/contracts';
import { createDatabase } from '../../../test/databases.ts';
import { DatabaseClock, openPg, type Queries } from '../src/index.ts';

const noon = new Date('2026-01-01T12:00:00Z');

/** A database that thinks it is this time. */
function databaseAt(now: Date): Pick<Queries, 'query'> & { now: Date } {
  return {
    now,
    async query<Row>() {
      return [{ now: this.now }] as Row[];
    },
  };
}

afterEach(() => vi.useRealTimers());

describe('DatabaseClock', async () => {
  const clock = await DatabaseClock.open(databaseAt(noon));
  it.each(clockContract(() => clock))('keeps $part: $name', ({ run }) => run());

  it('asks a real database', async () => {
    const database = openPg((await createDatabase()).url);
    const [before] = await database.query<{ now: Date }>(sql`select clock_timestamp() as now`);
    const now = (await DatabaseClock.open(database)).now().getTime();
    const [after] = await database.query<{ now: Date }>(sql`select clock_timestamp() as now`);
    expect(now).toBeGreaterThanOrEqual((before?.now.getTime() ?? Infinity) - 1);
    expect(now).toBeLessThanOrEqual((after?.now.getTime() ?? 0) + 1);
    await database.close();
  });

  it('goes on by what time passes, whatever this machine’s clock is set to, and follows the database', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: new Date('2020-02-02T00:00:00Z') });
    const database = databaseAt(noon);
    const followed = await DatabaseClock.open(database);
    expect(followed.now()).toEqual(noon);
    vi.advanceTimersByTime(5_000);
    vi.setSystemTime(new Date('2031-01-01T00:00:00Z'));
    expect(followed.now()).toEqual(new Date('2026-01-01T12:00:05Z'));
    database.now = new Date('2026-01-01T12:00:07Z');
    await followed.adjust();
    expect(followed.now()).toEqual(database.now);
  });
});
