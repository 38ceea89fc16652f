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
 * @throws Error a sentence that also says how to proceed, when a server has the embedded database open
 */
export async function withApplication<Result>(
  { environment, compose }: Pick<PlainCall, 'environment' | 'compose'>,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const { readConfig } = await import('../config.ts');
  const config = readConfig(environment);
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
