import { migrate } from '@sallyport/adapters-postgres';
import type { Config } from './config.ts';
import { openSql } from './database.ts';
import { createLog } from './log.ts';

/** Brings the schema of the configured database up to date and says what that took. */
export async function runMigrations(config: Config, tell: (line: string) => void): Promise<void> {
  if (config.database.kind === 'memory') return tell('A store in memory has no schema');
  const database = await openSql(config.database, createLog(config.logLevel));
  try {
    const steps = await migrate(database);
    tell(steps.length > 0 ? `Migrated: ${steps.join(', ')}` : 'The schema is up to date');
  } finally {
    await database.close();
  }
}
