import sql from 'sql-template-tag';
import { identifier } from '../identifiers.ts';
import type { MigrationConnection, Sql } from '../sql.ts';
import { fillOffline } from './backfill.ts';
import { lockFirstVersion } from './first-version.ts';
import { createIndexesOffline, readMissing } from './indexes.ts';
import { inWords } from './migration-error.ts';
import { type MigrationPart, type PartFiles, readParts } from './part.ts';
import { readPending } from './pending.ts';
import { inMigration } from './transaction.ts';
import { refuseUnlessUsable } from './usable.ts';

/**
 * Brings the tables of the core and of these modules up to date, in one transaction, and returns the names of the applied steps. Nodes that start
 * together wait for each other. If nothing is pending, it only reads, and neither creates nor locks anything.
 *
 * The tables of the first version are taken over. Its nodes must be stopped first.
 *
 * @throws MigrationError a sentence for the operator | SallyportError `unavailable`
 */
export async function migrate(database: Sql, parts: readonly MigrationPart[] = []): Promise<readonly string[]> {
  const read = await readParts(parts);
  try {
    return await database.migrating((connection) => migrateOn(connection, database.schema, read));
  } catch (error) {
    throw inWords(error);
  }
}

async function migrateOn(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<readonly string[]> {
  await refuseUnlessUsable(connection);
  const before = await readPending(connection, schema, parts);
  if (before.steps.length === 0 && !(await lacksIndexes(connection, schema, parts))) return [];
  return inMigration(connection, schema, async () => {
    if (before.isOfFirstVersion) await lockFirstVersion(connection);
    // Another node may have applied them while this one waited.
    const { schemaExists, steps } = await readPending(connection, schema, parts);
    if (!schemaExists) await connection.query(sql`create schema ${identifier(schema)}`);
    for (const step of steps) await step.take();
    if (!connection.isShared && steps.length > 0) await fillOffline(connection, parts);
    const missing = connection.isShared ? [] : await readMissing(connection, schema, parts);
    return [...steps.map(({ name }) => name), ...(await createIndexesOffline(connection, missing))];
  });
}

/** Indexes are created at once if no other connection uses the tables. */
async function lacksIndexes(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<boolean> {
  return !connection.isShared && (await readMissing(connection, schema, parts)).length > 0;
}
