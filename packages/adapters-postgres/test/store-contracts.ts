import { arrangeIn, type InstanceName, rateLimiterContract, storeContract } from '@sallyport/core/contracts';
import { postsContract } from '@sallyport/core/posts/contracts';
import sql, { join } from 'sql-template-tag';
import { afterAll, beforeAll, it } from 'vitest';
import { migrate, PostgresRateLimiter, postgresStore, type Sql } from '../src/index.ts';
import { sequenceOf } from '../src/imported-ids.ts';
import { postgresPosts } from '../src/posts/index.ts';

/** Every table of a store, but for what limits are counted in. */
const tables = [
  'users',
  'closed_accounts',
  'sessions',
  'known_networks',
  'posts',
  'one_time_tokens',
  'outbox',
  'audit',
  'signing_keys',
];

/** Runs the contracts of a store, of its posts and of the limits on databases that `open` opens. */
export function testContracts(open: () => Promise<Sql>): void {
  let databases: Record<InstanceName, Sql>;

  beforeAll(async () => {
    databases = { first: await open(), second: await open() };
    for (const database of Object.values(databases)) await migrate(database, [postgresPosts]);
  });
  afterAll(async () => {
    for (const database of Object.values(databases)) await database.close();
  });

  const openStore = async (instance: InstanceName) => {
    const database = databases[instance];
    // To delete few rows is cheap. To truncate recreates each table and index, which takes PGlite half a second.
    await database.query(sql`
      do $$ begin ${join(
        tables.map((name) => sql`delete from ${database.table(name)};`),
        ' ',
      )} end $$`);
    for (const table of ['users', 'posts'])
      await database.query(sql`select setval(${sequenceOf(database, table)}, 1, false)`);
    return postgresStore(database, [postgresPosts]);
  };
  const ofPosts = postsContract(async (instance) => {
    const store = await openStore(instance);
    return { ...store, arrange: arrangeIn(store) };
  });
  const contract = [...storeContract(openStore), ...ofPosts];
  for (const { part, name, run } of contract) it(`keeps ${part}: ${name}`, () => run());

  const limiterContract = rateLimiterContract(async (instance) => {
    const database = databases[instance];
    await database.query(sql`delete from ${database.table('rate_limits')}`);
    let now = Date.now();
    const pass = async (seconds: number) => void (now += seconds * 1000);
    return { limiter: new PostgresRateLimiter(database), now: () => new Date(now), pass };
  });
  for (const { part, name, run } of limiterContract) it(`keeps ${part}: ${name}`, () => run());
}
