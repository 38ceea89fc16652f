import { memoryStore } from '@sallyport/adapters-memory';
import { migrate, openPg, postgresStore, type Sql } from '@sallyport/adapters-postgres';
import { openPglite } from '@sallyport/adapters-postgres/pglite';
import type { StorePorts } from '@sallyport/core';
import type { Logger } from 'pino';
import type { DatabaseConfig } from './config.ts';

/** An open store with its schema up to date. */
export interface Database {
  readonly store: StorePorts;
  /** Resolves when the store answers. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the store that the configuration names, and brings its schema up to date. */
export async function openDatabase(config: DatabaseConfig, log: Logger): Promise<Database> {
  if (config.kind === 'memory') return { store: memoryStore(), ready: async () => {}, close: async () => {} };
  const database = await openSql(config, log);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    store: postgresStore(database),
    ready: async () => void (await database.query({ text: 'select 1', values: [] })),
    close: () => database.close(),
  };
}

/** A connection to the SQL database that the configuration names. */
export async function openSql(config: Exclude<DatabaseConfig, { kind: 'memory' }>, log: Logger): Promise<Sql> {
  if (config.kind === 'pglite') return openPglite(config.directory);
  return openPg(config.url, { onIdleError: ({ message }) => log.warn(`An idle connection broke: ${message}`) });
}
