import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, it, onTestFinished } from 'vitest';
import { makeEmptyDatabase, readEmptyDatabase } from '../src/empty-database.ts';

/** All that a database is before anything is written to it. */
async function describeDatabase(options: { dataDir: string } | { loadDataDir: Blob }) {
  const database = await PGlite.create(options);
  const rows = async (query: string) => (await database.query(query)).rows;
  const described = {
    settings: await rows('select name, setting, source, sourceline from pg_settings order by name'),
    databases: await rows('select * from pg_database order by oid'),
    collations: await rows('select * from pg_collation order by oid'),
    relations: await rows('select oid, relname, relkind, relacl from pg_class order by oid'),
    functions: await rows('select count(*) from pg_proc'),
    extensions: await rows('select * from pg_extension'),
    roles: await rows('select * from pg_roles order by oid'),
    versions: await rows('select version(), pg_control_version, catalog_version_no from pg_control_system()'),
  };
  await database.close();
  return described;
}

it('the packed empty database has the settings, collations and catalogs of one that initdb makes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-empty-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const [made, unpacked] = [join(directory, 'made'), join(directory, 'unpacked')];
  await makeEmptyDatabase(made, async () => undefined);
  await makeEmptyDatabase(unpacked);
  const expected = await describeDatabase({ dataDir: made });
  expect(await describeDatabase({ dataDir: unpacked })).toEqual(expected);
  const tar = await readEmptyDatabase();
  expect(await describeDatabase({ loadDataDir: new Blob([Uint8Array.from(tar!)]) })).toEqual(expected);
});
