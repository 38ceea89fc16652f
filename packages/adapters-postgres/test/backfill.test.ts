import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, type MigrationPart, openPg, planMigrations, runBackfills, type Sql } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';

const baseline = 'create table comments (\nid bigint primary key, likes integer);';
const expansion = 'alter table comments add column stars integer;';
const fillStars = `-- Stars are likes.
update comments set stars = likes where id in (select id from comments where stars is null order by id limit 1000) returning id;`;

/** The part of another package, before or after the release that adds a column. */
async function writePart(files: Readonly<Record<string, string>>): Promise<MigrationPart> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-part-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'backfills'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, `${name}.sql`), text);
  return { name: 'comments', directory };
}

const earlier = () => writePart({ '0001_baseline': baseline });
const later = () =>
  writePart({ '0001_baseline': baseline, '0002_stars': expansion, 'backfills/0002_stars': fillStars });

const write = (database: Sql, from: number, to: number) =>
  database.query(
    sql`insert into sallyport.comments (id, likes) select id, id from generate_series(${from}::int, ${to}::int) as id`,
  );

const unfilled = async (database: Sql) => {
  const [row] = await database.query<{ readonly rows: number }>(
    sql`select count(*) as rows from sallyport.comments where stars is distinct from likes`,
  );
  return row?.rows;
};

let database: Sql;
let parts: readonly MigrationPart[];
beforeEach(async () => {
  database = openPg((await createDatabase()).url);
  await migrate(database, [await earlier()]);
  await write(database, 1, 2500);
  parts = [await later()];
  await migrate(database, parts);
});
afterEach(() => database.close());

describe('runBackfills', () => {
  it('fills all rows in batches, and then none', async () => {
    const told: number[] = [];
    expect(await unfilled(database)).toBe(2500);
    const filled = await runBackfills(database, parts, ({ rows }) => void told.push(rows));
    expect(filled).toEqual([{ name: 'comments/0002_stars', rows: 2500 }]);
    expect(told).toEqual([1000, 2000, 2500]);
    expect(await unfilled(database)).toBe(0);
    expect(await runBackfills(database, parts)).toEqual([]);
  });

  it('continues where it was interrupted, while rows are written', async () => {
    const interrupted = runBackfills(database, parts, () => {
      throw new Error('Interrupted');
    });
    await expect(interrupted).rejects.toThrow('Interrupted');
    expect(await unfilled(database)).toBe(1500);
    await write(database, 2501, 2600);
    expect(await runBackfills(database, parts)).toEqual([{ name: 'comments/0002_stars', rows: 1600 }]);
    expect(await unfilled(database)).toBe(0);
  });

  it('is left to the operator by a start, and is in the plan until it is done', async () => {
    expect(await migrate(database, parts)).toEqual([]);
    const plan = async () => (await planMigrations(database, parts)).filter(({ kind }) => kind === 'backfill');
    expect(await plan()).toEqual([{ name: 'comments/0002_stars', kind: 'backfill', locks: [] }]);
    expect(await unfilled(database)).toBe(2500);
    await runBackfills(database, parts);
    expect(await plan()).toEqual([]);
  });

  it('refuses a file that is no update of so many rows', async () => {
    for (const text of [
      'delete from comments where id > 1',
      'update comments set stars = 1',
      `${fillStars} select 1;`,
    ]) {
      const broken = [await writePart({ '0001_baseline': baseline, 'backfills/0002_stars': text })];
      await expect(runBackfills(database, broken)).rejects.toThrow(
        '0002_stars.sql must contain one update with a limit that returns its rows',
      );
    }
  });
});

it('an embedded database is filled in the transaction of its migrations', async () => {
  const embedded = await openPglite();
  onTestFinished(() => embedded.close());
  await migrate(embedded, [await earlier()]);
  await write(embedded, 1, 1200);
  await migrate(embedded, parts);
  expect(await unfilled(embedded)).toBe(0);
});
