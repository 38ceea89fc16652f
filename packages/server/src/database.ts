import { MemoryRateLimiter, memoryStore, SystemClock } from '@sallyport/adapters-memory';
import {
  DatabaseClock,
  findSchema,
  inSchema,
  migrate,
  missingIndexes,
  openPg,
  PostgresRateLimiter,
  postgresStore,
  type Sql,
} from '@sallyport/adapters-postgres';
import { openPglite } from '@sallyport/adapters-postgres/pglite';
import type { Clock, RateLimiter } from '@sallyport/core';
import type { Logger } from 'pino';
import type { DatabaseConfig, SqlConfig } from './config.ts';
import { makeDirectory } from './data-directory.ts';
import { memoryParts, postgresParts, type ServerStore } from './modules.ts';

/** An open store with its tables up to date. */
export interface Database {
  readonly store: ServerStore;
  /** The clock that all processes on the store share. */
  readonly clock: Clock;
  /** Counts for all processes on the store, unless a Redis counts. */
  readonly rateLimiter: RateLimiter;
  /** The maintenance that the store needs every minute. */
  readonly maintain: () => Promise<void>;
  /** Resolves when the store answers. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the store that the configuration names, and brings its tables up to date. */
export async function openDatabase(config: DatabaseConfig, log: Logger): Promise<Database> {
  if (config.kind === 'memory') {
    return { store: memoryStore(memoryParts), ...inThisProcess(), ready: async () => {}, close: async () => {} };
  }
  const database = await openSql(config, log);
  try {
    await migrate(database, postgresParts);
    await warnOfMissingIndexes(database, log);
    return {
      store: postgresStore(database, postgresParts),
      // Only one process uses an embedded database, so its own counts and its own clock are enough.
      ...(config.kind === 'pglite' ? inThisProcess() : await inDatabase(database)),
      ready: async () => void (await database.query({ text: 'select 1', values: [] })),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

type Shared = Pick<Database, 'clock' | 'rateLimiter' | 'maintain'>;

function inThisProcess(): Shared {
  return { clock: new SystemClock(), rateLimiter: new MemoryRateLimiter(), maintain: async () => {} };
}

async function inDatabase(database: Sql): Promise<Shared> {
  const clock = await DatabaseClock.open(database);
  return { clock, rateLimiter: new PostgresRateLimiter(database), maintain: () => clock.adjust() };
}

/** Missing indexes are not created at the start, because that could take hours. */
async function warnOfMissingIndexes(database: Sql, log: Logger): Promise<void> {
  const indexes = await missingIndexes(database, postgresParts);
  if (indexes.length > 0) log.warn({ indexes }, 'Indexes are missing: run sallyport migrate');
}

/** The configured SQL database, with the right schema for the tables. */
export async function openSql(config: SqlConfig, log: Logger): Promise<Sql> {
  const { schema } = config;
  const database = await open(config, log);
  if (schema !== undefined) return database;
  try {
    return inSchema(database, await findSchema(database));
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function open(config: SqlConfig, log: Logger): Promise<Sql> {
  const { schema } = config;
  if (config.kind === 'pglite') {
    await makeDirectory(config.directory, 'The directory of DATABASE_URL, or of DATA_DIR where that names none,');
    return openPglite(config.directory, { schema });
  }
  return openPg(config.url, { schema, onIdleError: ({ message }) => log.warn(`An idle connection broke: ${message}`) });
}
