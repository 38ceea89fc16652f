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
  SqlError,
} from '@sallyport/adapters-postgres';
import { isSallyportError, SallyportError } from '@sallyport/core';
import type { Logger } from 'pino';
import { ConfigError, type SqlConfig } from './config.ts';
import { type Database, inThisProcess } from './database.ts';
import { makeDirectory } from './data-directory.ts';
import { postgresParts } from './modules.ts';
import { openEmbedded } from './open-embedded.ts';

/** Opens the store in an SQL database, and brings its tables up to date. */
export async function openSqlDatabase(config: SqlConfig, log: Logger, around = (sql: Sql) => sql): Promise<Database> {
  const database = around(await openSql(config, log));
  try {
    await migrate(database, postgresParts);
    await warnOfMissingIndexes(database, log);
    return {
      store: postgresStore(database, postgresParts),
      // Only one process uses an embedded database, so its own counts and its own clock are enough.
      ...(config.kind === 'pglite' ? inThisProcess() : await inDatabase(database)),
      ready: () => refuseReadOnly(database),
      poolState: database.poolState,
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw withPlace(error, config);
  }
}

/**
 * Refuses a database that accepts no writes, such as a standby. The error is that of a refused write. So the pool
 * replaces its connections, which may lead to the former primary, even if no write arrives.
 *
 * @throws SallyportError `unavailable`
 */
async function refuseReadOnly(database: Sql): Promise<void> {
  await database.transaction(async (queries) => {
    const [row] = await queries.query<{ readonly setting: string }>({
      text: `select current_setting('transaction_read_only') as setting`,
      values: [],
    });
    if (row?.setting !== 'on') return;
    throw new SallyportError('unavailable', { cause: new SqlError('25006', 'The database is read-only') });
  });
}

/** The error that says which disk is full, which an embedded database does not say itself. */
export function withPlace(error: unknown, config: SqlConfig): unknown {
  const isFull = isSallyportError(error) && (error.cause as { code?: unknown } | undefined)?.code === '53100';
  if (!isFull || config.kind !== 'pglite') return error;
  return new ConfigError(`The disk of the database in ${config.directory} is full`);
}

async function inDatabase(database: Sql): Promise<Pick<Database, 'clock' | 'rateLimiter' | 'maintain'>> {
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
    return openEmbedded(config.directory, { schema });
  }
  return openPg(config.url, {
    schema,
    pooler: config.pooler,
    onPooler: () => log.info('Postgres is behind a pooler: statements are not prepared, and each is a transaction'),
    onIdleError: ({ message }) => log.warn(`An idle connection broke: ${message}`),
  });
}
