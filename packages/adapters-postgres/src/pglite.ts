import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { Sql as Fragment } from 'sql-template-tag';
import { lockDirectory } from './directory-lock.ts';
import { makeEmptyDatabase, readEmptyDatabase } from './empty-database.ts';
import { makePrivate, takeAccess } from './private-files.ts';
import { locate } from './schema.ts';
import { fromDriver } from './sql-error.ts';
import type { MigrationConnection, Queries, Sql, Statement, TransactionQueries } from './sql.ts';
import { Turns } from './turns.ts';
import { whyNotOpened } from './why-not-opened.ts';

/** Settings for one connection and small tables. They halve the memory of the process. */
const startParams = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=4MB', 'max_connections=4', 'wal_buffers=256kB'].flatMap((setting) => ['-c', setting]),
];

/** The options of an embedded database. */
export interface PgliteOptions {
  /** The schema of the tables; `defaultSchema` if absent. */
  readonly schema?: string | undefined;
}

/**
 * PostgreSQL inside this process (PGlite), stored in `directory`, or in memory without one. Committed data survives any
 * end of the process, but not a crash of the machine: PGlite never calls fsync.
 *
 * @throws Error a sentence that names the directory: another process has it open (two at once would lose rows), or the
 *   database in it cannot be created or opened, for example because the disk is full
 * @throws RangeError when the given name cannot be a schema's
 */
export async function openPglite(directory?: string, { schema }: PgliteOptions = {}): Promise<Sql> {
  const location = locate(schema);
  if (directory === undefined) return new PgliteSql(await openInMemory(), location, async () => {});
  const lock = await lockDirectory(directory);
  try {
    const database = await openIn(join(directory, 'pgdata'));
    return new PgliteSql(database, location, () => lock.release());
  } catch (error) {
    const reason = await whyNotOpened(directory, error);
    await lock.release();
    throw reason;
  }
}

async function openInMemory(): Promise<PGlite> {
  const tar = await readEmptyDatabase();
  return PGlite.create({ startParams, ...(tar && { loadDataDir: new Blob([tar]) }) });
}

async function openIn(dataDir: string): Promise<PGlite> {
  await makeEmptyDatabase(dataDir);
  takeAccess(dataDir);
  const database = await PGlite.create({ dataDir, startParams });
  // Earlier versions left files that others could read, and PGlite itself still creates some.
  makePrivate(dataDir);
  return database;
}

class PgliteSql implements Sql {
  readonly #database: PGlite;
  readonly schema: string;
  readonly table: (name: string) => Fragment;
  readonly #release: () => Promise<void>;
  readonly #migrations = new Turns();

  constructor(database: PGlite, { schema, table }: Pick<Queries, 'schema' | 'table'>, release: () => Promise<void>) {
    this.#database = database;
    this.schema = schema;
    this.table = table;
    this.#release = release;
  }

  query<Row>(statement: Statement): Promise<readonly Row[]> {
    return run(this.#database, statement);
  }

  async transaction<Result>(work: (queries: TransactionQueries) => Promise<Result>): Promise<Result> {
    const { schema, table } = this;
    let refused: unknown;
    try {
      return await this.#database.transaction((transaction) =>
        work({
          schema,
          table,
          query: (statement) => run(transaction, statement),
          send: async (statement) => void (await run(transaction, statement)),
        }).catch((error: unknown) => {
          refused = error;
          throw error;
        }),
      );
    } catch (error) {
      // An error from `work` is rethrown. Any other error is the driver's, for example of a failed commit.
      throw error === refused ? error : fromDriver(error);
    }
  }

  /** There is only one connection, so callers wait for each other. */
  async migrating<Result>(work: (connection: MigrationConnection) => Promise<Result>): Promise<Result> {
    const database = this.#database;
    return this.#migrations.take(() =>
      work({
        isShared: false,
        hasOwnSession: true,
        query: (statement) => run(database, statement),
        // Only `exec` accepts several statements at once.
        run: async (script) => ((await database.exec(script).catch(rethrow)).at(-1)?.rows ?? []) as never[],
      }),
    );
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#release();
  }
}

function rethrow(error: unknown): never {
  throw fromDriver(error);
}

async function run<Row>(target: PGlite | Transaction, { text, values }: Statement): Promise<readonly Row[]> {
  try {
    const { rows } = await target.query(
      text,
      values.map((value) => value ?? null),
    );
    return rows as Row[];
  } catch (error) {
    throw fromDriver(error);
  }
}
