import { type Config, ConfigError } from '../config.ts';

/** @throws ConfigError when the store would end with the command */
export function refuseMemory({ database }: Config): void {
  if (database.kind !== 'memory') return;
  throw new ConfigError('A store in memory is empty and ends with this command: DATABASE_URL must name a database');
}
