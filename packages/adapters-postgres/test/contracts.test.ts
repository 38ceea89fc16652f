import { type InstanceName, rateLimiterContract, storeContract } from '@sallyport/core/contracts';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, PostgresRateLimiter, postgresStore, type Sql } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';

describe.each<[string, () => Promise<Sql>]>([
  ['Postgres', async () => openPg((await createDatabase()).url)],
  ['PGlite', () => openPglite()],
])('postgresStore on %s', (_, open) => {
  let databases: Record<InstanceName, Sql>;

  beforeAll(async () => {
    databases = { first: await open(), second: await open() };
    for (const database of Object.values(databases)) await migrate(database);
  });
  afterAll(async () => {
    for (const database of Object.values(databases)) await database.close();
  });

  const contract = storeContract(async (instance) => {
    const database = databases[instance];
    // To delete few rows is cheap. To truncate makes each table and index anew, which takes PGlite half a second.
    await database.query(sql`
      do $$ begin
        delete from posts;
        delete from sessions;
        delete from one_time_tokens;
        delete from outbox;
        delete from audit;
        delete from signing_keys;
        delete from users;
      end $$`);
    return postgresStore(database);
  });
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());

  const limiterContract = rateLimiterContract(async (instance) => {
    const database = databases[instance];
    await database.query(sql`delete from rate_limits`);
    let now = Date.now();
    const pass = async (seconds: number) => void (now += seconds * 1000);
    return { limiter: new PostgresRateLimiter(database), now: () => new Date(now), pass };
  });
  for (const { part, name, run } of limiterContract) it(`keeps ${part}: ${name}`, () => run());
});
