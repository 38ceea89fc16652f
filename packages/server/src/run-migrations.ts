import { createMissingIndexes, migrate, planMigrations, runBackfills, type Sql } from '@sallyport/adapters-postgres';
import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { MigrationConfig, SqlConfig } from './config.ts';
import { createLog } from './log.ts';
import { postgresParts } from './modules.ts';
import { planInWords } from './migration-plan.ts';
import { openSql, withPlace } from './sql-database.ts';

type Tell = (line: string) => void;

/** Rows between two reports of a backfill. */
const reportEvery = 10_000;

/** Brings the tables of the configured database up to date, including indexes and backfills, and reports the steps. */
export function runMigrations(config: MigrationConfig, tell: Tell): Promise<void> {
  return onDatabase(config, openSql, tell, async (database) => {
    const steps = await migrate(database, postgresParts);
    if (steps.length > 0) tell(`Migrated: ${steps.join(', ')}`);
    const indexes = await createMissingIndexes(database, postgresParts);
    if (indexes.length > 0) tell(`Created indexes: ${indexes.join(', ')}`);
    const filled = await runBackfills(database, postgresParts, ({ name, rows }) => {
      if (rows % reportEvery === 0) tell(`Filling ${name}: ${rows} rows so far`);
    });
    for (const { name, rows } of filled) tell(`Filled ${name}: ${rows} rows`);
    if (steps.length + indexes.length + filled.length === 0) tell('The schema is up to date');
  });
}

/** Reports what `runMigrations` would do, and changes nothing. */
export function planOnly(config: MigrationConfig, tell: Tell): Promise<void> {
  return onDatabase(config, openUnchanged, tell, async (database) => {
    for (const line of planInWords(database.schema, await planMigrations(database, postgresParts))) tell(line);
  });
}

async function onDatabase(
  { database: config, logLevel }: MigrationConfig,
  open: (config: SqlConfig, log: Logger) => Promise<Sql>,
  tell: Tell,
  work: (database: Sql) => Promise<void>,
): Promise<void> {
  if (config.kind === 'memory') return tell('A store in memory has no schema');
  const database = await open(config, createLog(logLevel));
  try {
    await work(database);
  } catch (error) {
    throw withPlace(error, config);
  } finally {
    await database.close();
  }
}

/** Opening an embedded database that does not exist would create it, so an empty one in memory is used instead. */
async function openUnchanged(config: SqlConfig, log: Logger): Promise<Sql> {
  if (config.kind !== 'pglite' || existsSync(config.directory)) return openSql(config, log);
  const { openPglite } = await import('@sallyport/adapters-postgres/pglite');
  return openPglite(undefined, config);
}
