import { rateLimiterContract, storeContract } from '@sallyport/core/contracts';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, PostgresRateLimiter, postgresStore, type Sql } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';

describe.each<[string, () => Promise<Sql>]>([
  ['Postgres', async () => openPg((await createDatabase()).url)],
  ['PGlite', () => openPglite()],
])('postgresStore on %s', (_, open) => {
  let database: Sql;

  beforeAll(async () => {
    database = await open();
    await migrate(database);
  });
  afterAll(() => database.close());

  const contract = storeContract(async () => {
    await database.query(sql`truncate users, sessions, posts, one_time_tokens, outbox, audit, signing_keys`);
    return postgresStore(database);
  });
  it.each(contract)('keeps $part: $name', ({ run }) => run());

  const limiterContract = rateLimiterContract(async () => {
    await database.query(sql`truncate rate_limits`);
    let now = Date.now();
    const pass = async (seconds: number) => void (now += seconds * 1000);
    return { limiter: new PostgresRateLimiter(database), now: () => new Date(now), pass };
  });
  it.each(limiterContract)('counts $part: $name', ({ run }) => run());
});
