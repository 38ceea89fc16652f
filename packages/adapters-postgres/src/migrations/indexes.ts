import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { qualified, quoted } from '../identifiers.ts';
import type { MigrationConnection, Sql } from '../sql.ts';
import { readIndexes } from './catalog.ts';
import { inWords, MigrationError } from './migration-error.ts';
import { type Index, type MigrationPart, type PartFiles, readParts } from './part.ts';
import { inMigration } from './transaction.ts';

/** Milliseconds between two checks whether another process is still creating indexes. */
const pollInterval = 500;

/**
 * The indexes that `createMissingIndexes` would create. Without them, the tables work, but more slowly.
 *
 * @throws SqlError | SallyportError `unavailable`
 */
export async function missingIndexes(database: Sql, parts: readonly MigrationPart[] = []): Promise<readonly string[]> {
  const read = await readParts(parts);
  return (await readMissing(database, database.schema, read)).map(({ name }) => name);
}

/**
 * Creates indexes while the tables are in use, and returns their names. An incomplete index, for example after a kill,
 * is created again. It needs a connection of its own that no pooler shares, outside transactions, and waits for other
 * processes that do the same.
 *
 * @throws MigrationError a sentence for the operator | SallyportError `unavailable`
 */
export async function createMissingIndexes(
  database: Sql,
  parts: readonly MigrationPart[] = [],
): Promise<readonly string[]> {
  const { schema } = database;
  const read = await readParts(parts);
  try {
    return await database.migrating(async (connection) => {
      const missing = await readMissing(connection, schema, read);
      if (missing.length === 0) return [];
      if (!connection.hasOwnSession) throw new MigrationError(throughPooler(missing));
      return connection.isShared
        ? createIndexes(connection, schema, read)
        : inMigration(connection, schema, () => createIndexesOffline(connection, missing));
    });
  } catch (error) {
    throw inWords(error);
  }
}

const throughPooler = (missing: readonly Index[]) => `\
The indexes ${missing.map(({ name }) => name).join(', ')} are missing. To create them while the tables are in use takes a \
session of PostgreSQL, which a pooler does not provide: run sallyport migrate on a direct connection.`;

/** Creates indexes in the caller's transaction, if no other connection can use the tables. */
export async function createIndexesOffline(
  connection: MigrationConnection,
  missing: readonly Index[],
): Promise<readonly string[]> {
  for (const { statement } of missing) await connection.run(statement.replace(' concurrently ', ' '));
  return missing.map(({ name }) => name);
}

async function createIndexes(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<readonly string[]> {
  const lock = `sallyport indexes of ${schema}`;
  await waitForTurn(connection, lock);
  const before = await readSettings(connection);
  try {
    await set(connection, { statement: '0', lock: '0', path: quoted(schema) });
    const missing = await readMissing(connection, schema, parts);
    for (const index of missing) {
      await connection.query(sql`drop index concurrently if exists ${qualified(schema, index.name)}`);
      await connection.run(index.statement);
    }
    return missing.map(({ name }) => name);
  } finally {
    // The host's pool reuses this connection.
    await set(connection, before).catch(() => {});
    await connection.query(sql`select pg_advisory_unlock(hashtextextended(${lock}, 0))`).catch(() => {});
  }
}

interface Settings {
  readonly statement: string;
  readonly lock: string;
  readonly path: string;
}

async function readSettings(connection: MigrationConnection): Promise<Settings> {
  const [settings] = await connection.query<Settings>(sql`
    select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('search_path') as path`);
  return settings as Settings;
}

/**
 * Settings for the session, since an index that is created without a lock on its table cannot be created in a
 * transaction.
 */
async function set(connection: MigrationConnection, { statement, lock, path }: Settings): Promise<void> {
  await connection.query(sql`
    select set_config('statement_timeout', ${statement}, false), set_config('lock_timeout', ${lock}, false),
      set_config('search_path', ${path}, false)`);
}

/**
 * Waits by polling. A wait inside a statement would hold a snapshot, and the process that creates an index would wait
 * for that snapshot in turn.
 */
async function waitForTurn(connection: MigrationConnection, lock: string): Promise<void> {
  for (;;) {
    const [turn] = await connection.query<{ readonly is_ours: boolean }>(
      sql`select pg_try_advisory_lock(hashtextextended(${lock}, 0)) as is_ours`,
    );
    if (turn?.is_ours) return;
    await delay(pollInterval);
  }
}

/** The indexes that are missing or incomplete. */
export async function readMissing(
  connection: Pick<MigrationConnection, 'query'>,
  schema: string,
  parts: readonly PartFiles[],
): Promise<readonly Index[]> {
  const indexes = parts.flatMap((part) => part.indexes);
  const found = await readIndexes(
    connection,
    schema,
    indexes.map(({ name }) => name),
  );
  return indexes.filter(({ name }) => found.get(name) !== true);
}
