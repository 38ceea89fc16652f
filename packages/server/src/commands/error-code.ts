import { isSallyportError } from '@sallyport/core';

/** Names of errors that are no refusals of a use case, as codes for scripts. */
const codes: Readonly<Record<string, string>> = {
  UsageError: 'usage',
  ConfigError: 'configuration_invalid',
  MigrationError: 'migration_refused',
  UnreadableKeyError: 'signing_key_unreadable',
  DirectoryInUseError: 'database_in_use',
  DeclinedError: 'declined',
  InterruptedError: 'interrupted',
};

/** The code of an error, for scripts: that of the use case that refused, or one of the command line's own. */
export function codeOf(error: unknown): string {
  const nameOf = (one: unknown) => (one instanceof Error ? codes[one.name] : undefined);
  if (isSallyportError(error)) return nameOf(error.cause) ?? error.code;
  return nameOf(error) ?? 'failed';
}
