import { existsSync } from 'node:fs';
import type { Composition } from '../compose.ts';
import type { Config } from '../config.ts';
import type { PlainCall } from './command.ts';

/** What a command does on the configured store. */
export interface Opened extends Composition {
  readonly config: Config;
}

/**
 * Opens the configured store, and closes it after `work`. On Postgres, nodes may be running.
 *
 * @param mayCreate whether an embedded database that does not exist is created. A command that only reads would find
 *   it empty, and hide that it ran in the wrong folder.
 * @throws Error a sentence that also says how to proceed, when a server has the embedded database open, or when there is
 *   none
 */
export async function withApplication<Result>(
  { environment, compose }: Pick<PlainCall, 'environment' | 'compose'>,
  work: (opened: Opened) => Promise<Result>,
  { mayCreate = false } = {},
): Promise<Result> {
  const { ConfigError, readConfig } = await import('../config.ts');
  const config = readConfig(environment);
  const { database } = config;
  if (!mayCreate && database.kind === 'pglite' && !existsSync(database.directory)) {
    throw new ConfigError(`There is no database in ${database.directory}: DATABASE_URL or DATA_DIR leads elsewhere`);
  }
  const composition = await compose(config).catch((error: unknown) => {
    throw explained(error);
  });
  try {
    return await work({ ...composition, config });
  } finally {
    await composition.close();
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'DirectoryInUseError') return error;
  const hint = 'If that process is the server, you can also use its API under /admin while it runs.';
  return Object.assign(new Error(`${error.message}. ${hint}`, { cause: error }), { name: error.name });
}
