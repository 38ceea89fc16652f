import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { lockDirectory } from './directory-lock.ts';
import { makeEmptyDatabase, readEmptyDatabase } from './empty-database.ts';
import { fromDriver } from './sql-error.ts';
import type { MigrationClient, Queries, Sql, Statement } from './sql.ts';

/** One connection and small tables need no more; it halves the memory that the process holds. */
const startParams = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=4MB', 'max_connections=4', 'wal_buffers=256kB'].flatMap((setting) => ['-c', setting]),
];

/**
 * PostgreSQL inside this process (PGlite), kept in `directory`, or in memory without one. What was committed
 * outlives the process however it ends, but not a crash of the machine: PGlite never calls fsync.
 *
 * @throws Error when another process has the directory open: two at once would lose rows
 */
export async function openPglite(directory?: string): Promise<Sql> {
  const lock = directory === undefined ? undefined : await lockDirectory(directory);
  try {
    const database = await (directory === undefined ? openInMemory() : openIn(join(directory, 'pgdata')));
    return new PgliteSql(database, async () => lock?.release());
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

async function openInMemory(): Promise<PGlite> {
  const tar = await readEmptyDatabase();
  return PGlite.create({ startParams, ...(tar && { loadDataDir: new Blob([tar]) }) });
}

async function openIn(dataDir: string): Promise<PGlite> {
  await makeEmptyDatabase(dataDir);
  return PGlite.create({ dataDir, startParams });
}

class PgliteSql implements Sql {
  readonly #database: PGlite;
  readonly #release: () => Promise<void>;

  constructor(database: PGlite, release: () => Promise<void>) {
    this.#database = database;
    this.#release = release;
  }

  query<Row>(statement: Statement): Promise<readonly Row[]> {
    return run(this.#database, statement);
  }

  async transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    let refused: unknown;
    try {
      return await this.#database.transaction((transaction) =>
        work({ query: (statement) => run(transaction, statement) }).catch((error: unknown) => {
          refused = error;
          throw error;
        }),
      );
    } catch (error) {
      // What `work` threw is passed on; anything else is the driver's own, as of a commit that failed.
      throw error === refused ? error : fromDriver(error);
    }
  }

  async migrating<Result>(work: (client: MigrationClient) => Promise<Result>): Promise<Result> {
    return work({
      query: async (config, values) => {
        const text = typeof config === 'string' ? config : config.text;
        // Only `exec` takes several statements at once, and only `query` takes values.
        const results = values?.length ? [await this.#database.query(text, values)] : await this.#database.exec(text);
        return { rows: results.at(-1)?.rows ?? [] };
      },
    });
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#release();
  }
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
