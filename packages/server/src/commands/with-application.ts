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
 * @param whenMissing what becomes of an embedded database that does not exist. A command that only reads refuses, for
 *   it would find it empty, and hide that it ran in the wrong folder. A rehearsal uses a store in memory instead.
 * @throws Error a sentence that also says how to proceed, when a server has the embedded database open, when there is
 *   none, or when it would end with the command
 */
export async function withApplication<Result>(
  { environment, compose }: Pick<PlainCall, 'environment' | 'compose'>,
  work: (opened: Opened) => Promise<Result>,
  whenMissing: 'refuse' | 'create' | 'rehearse' = 'refuse',
): Promise<Result> {
  const { ConfigError, readConfig } = await import('../config.ts');
  const config = readConfig(environment);
  const { database } = config;
  if (database.kind === 'memory' && whenMissing !== 'rehearse') {
    throw new ConfigError('A store in memory is empty and ends with this command: DATABASE_URL must name a database');
  }
  const isMissing = database.kind === 'pglite' && !existsSync(database.directory);
  if (isMissing && whenMissing === 'refuse') {
    throw new ConfigError(`There is no database in ${database.directory}: DATABASE_URL or DATA_DIR leads elsewhere`);
  }
  const opened =
    isMissing && whenMissing === 'rehearse' ? { ...config, database: { kind: 'memory' as const } } : config;
  const composition = await compose(opened).catch((error: unknown) => {
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
