import { quoted, quotedText } from '../identifiers.ts';
import type { MigrationConnection } from '../sql.ts';
import { MigrationError } from './migration-error.ts';

/** A directory of migrations, and where its bookkeeping is. */
export interface Runnable {
  readonly directory: string;
  readonly schema: string;
  readonly bookkeeping: string;
}

/** node-pg-migrate quotes the name of a schema without escaping it, so it gets a name that needs none. */
const placeholder = 'schema of the bookkeeping';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Applies the next migration of a directory, in the caller's transaction. */
export function runNext(connection: MigrationConnection, runnable: Runnable): Promise<void> {
  return next(connection, runnable, false);
}

/** Records the next migration of a directory as applied, in the caller's transaction. */
export function recordNext(connection: MigrationConnection, runnable: Runnable): Promise<void> {
  return next(connection, runnable, true);
}

async function next(connection: MigrationConnection, runnable: Runnable, fake: boolean): Promise<void> {
  // The library takes a while to load, and most starts have nothing to migrate.
  const { runner } = await import('node-pg-migrate');
  const client = new RunnerClient(connection, runnable.schema);
  try {
    await runner({
      // The runner uses only this method of the client.
      dbClient: client as never,
      dir: runnable.directory,
      ignorePattern: String.raw`\..*|.*(?<!\.sql)`,
      direction: 'up',
      count: 1,
      fake,
      migrationsSchema: placeholder,
      migrationsTable: runnable.bookkeeping,
      singleTransaction: true,
      noLock: true,
      logger: silent,
    });
  } catch (error) {
    if (client.failure) throw client.failure;
    throw new MigrationError(`${(error as Error).message}. Nothing was changed.`, { cause: error });
  }
}

class RunnerClient {
  /** The error of the database, which the runner would wrap together with its stack. */
  failure: Error | undefined;
  readonly #connection: MigrationConnection;
  readonly #schema: string;

  constructor(connection: MigrationConnection, schema: string) {
    this.#connection = connection;
    this.#schema = schema;
  }

  async query(text: string): Promise<{ readonly rows: readonly unknown[] }> {
    // The caller controls the transaction.
    if (['BEGIN', 'COMMIT', 'ROLLBACK'].includes(text)) return { rows: [] };
    const script = text
      .replaceAll(`"${placeholder}"`, () => quoted(this.#schema))
      .replaceAll(`'${placeholder}'`, () => quotedText(this.#schema));
    try {
      return { rows: await this.#connection.run(script) };
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    }
  }
}
