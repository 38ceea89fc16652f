import { memoryStore } from '@sallyport/adapters-memory';
import type { Sql } from '@sallyport/adapters-postgres';
import type { Logger } from 'pino';
import type { DatabaseConfig } from './config.ts';
import { type Database, inThisProcess } from './database.ts';
import { memoryParts } from './modules.ts';

/**
 * Opens the store that the configuration names, and brings its tables up to date.
 *
 * @param around puts something around every use of an SQL database
 */
export async function openDatabase(config: DatabaseConfig, log: Logger, around?: (sql: Sql) => Sql): Promise<Database> {
  if (config.kind === 'memory') {
    return { store: memoryStore(memoryParts), ...inThisProcess(), ready: async () => {}, close: async () => {} };
  }
  // A store in memory need not load what SQL needs.
  const { openSqlDatabase } = await import('./sql-database.ts');
  return openSqlDatabase(config, log, around);
}
