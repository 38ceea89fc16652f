import { describe } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { openPg, type Sql } from '../src/index.ts';
import { openPglite } from '../src/pglite.ts';
import { testContracts } from './store-contracts.ts';

describe.each<[string, () => Promise<Sql>]>([
  ['Postgres', async () => openPg((await createDatabase()).url)],
  ['Postgres in a schema with an odd name', async () => openPg((await createDatabase()).url, { schema: 'Auth-2 "x"' })],
  ['PGlite', () => openPglite()],
])('postgresStore on %s', (_, open) => {
  testContracts(open);
});
