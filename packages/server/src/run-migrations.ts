import { createMissingIndexes, migrate, planMigrations, runBackfills, type Sql } from '@sallyport/adapters-postgres';
import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Outcome } from './commands/command.ts';
import type { MigrationConfig, SqlConfig } from './config.ts';
import { createLog } from './log.ts';
import { postgresParts } from './modules.ts';
import { planInWords } from './migration-plan.ts';
import { openEmbedded } from './open-embedded.ts';
import { openSql, withPlace } from './sql-database.ts';

type Tell = (line: string) => void;

/** Rows between two reports of a backfill. */
const reportEvery = 10_000;

/** Brings the tables of the configured database up to date, including indexes and backfills, and reports the steps. */
export function runMigrations(config: MigrationConfig, tell: Tell): Promise<Outcome> {
  return onDatabase(config, openSql, async (database) => {
    const migrated = await migrate(database, postgresParts);
    if (migrated.length > 0) tell(`Migrated: ${migrated.join(', ')}`);
    const indexes = await createMissingIndexes(database, postgresParts);
    if (indexes.length > 0) tell(`Created indexes: ${indexes.join(', ')}`);
    const filled = await runBackfills(database, postgresParts, ({ name, rows }) => {
      if (rows % reportEvery === 0) tell(`Filling ${name}: ${rows} rows so far`);
    });
    for (const { name, rows } of filled) tell(`Filled ${name}: ${rows} rows`);
    const isUpToDate = migrated.length + indexes.length + filled.length === 0;
    return { notes: isUpToDate ? ['The schema is up to date'] : [], json: { migrated, indexes, filled } };
  });
}

/** Reports what `runMigrations` would do, and changes nothing. */
export function planOnly(config: MigrationConfig): Promise<Outcome> {
  return onDatabase(config, openUnchanged, async (database) => {
    const pending = await planMigrations(database, postgresParts);
    return { lines: planInWords(database.schema, pending), json: { schema: database.schema, pending } };
  });
}

async function onDatabase(
  { database: config, logLevel }: MigrationConfig,
  open: (config: SqlConfig, log: Logger) => Promise<Sql>,
  work: (database: Sql) => Promise<Outcome>,
): Promise<Outcome> {
  if (config.kind === 'memory') return { notes: ['A store in memory has no schema'], json: {} };
  const database = await open(config, createLog(logLevel));
  try {
    return await work(database);
  } catch (error) {
    throw withPlace(error, config);
  } finally {
    await database.close();
  }
}

/** Opening an embedded database that does not exist would create it, so an empty one in memory is used instead. */
async function openUnchanged(config: SqlConfig, log: Logger): Promise<Sql> {
  if (config.kind !== 'pglite' || existsSync(config.directory)) return openSql(config, log);
  return openEmbedded(undefined, config);
}
