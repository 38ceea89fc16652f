import { isSallyportError } from '@sallyport/core';

/** The errors whose messages are for operators. Their classes would load everything that can throw them. */
const forOperators = new Set(['ConfigError', 'MigrationError', 'UnreadableKeyError']);

/** The message of an error if that is enough; otherwise everything that is known. */
export function errorInWords(error: unknown): string {
  if (isForOperators(error)) return error.message;
  if (isSallyportError(error) && isForOperators(error.cause)) return error.cause.message;
  if (isSallyportError(error) && error.code === 'unavailable' && error.cause instanceof Error) {
    return `The database is not available: ${error.cause.message}`;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'PORT is taken: another process listens there';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST is no address of this machine';
  if (code !== undefined || process.env['LOG_LEVEL'] !== 'debug') return message;
  return (error as Error).stack ?? message;
}

function isForOperators(error: unknown): error is Error {
  return error instanceof Error && forOperators.has(error.name);
}
