import { isSallyportError } from '@sallyport/core';

/** The errors whose messages are for operators. Their classes would load everything that can throw them. */
const forOperators = new Set(['ConfigError', 'MigrationError', 'UnreadableKeyError', 'UsageError']);

/** The message of an error if that is enough; otherwise everything that is known. */
export function errorInWords(error: unknown): string {
  if (isForOperators(error)) return error.message;
  if (isSallyportError(error) && isForOperators(error.cause)) return error.cause.message;
  if (isSallyportError(error) && error.issues.length > 1) {
    return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
  }
  if (isSallyportError(error) && error.code === 'unavailable' && error.cause instanceof Error) {
    return `The database is not available: ${error.cause.message}`;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const ofAddress = addressErrorInWords(error);
  if (ofAddress !== undefined) return ofAddress;
  if (code !== undefined || process.env['LOG_LEVEL'] !== 'debug') return message;
  return (error as Error).stack ?? message;
}

/** Why a server cannot listen, by the variables that say where; `undefined` if the reason is another one. */
export function addressErrorInWords(error: unknown, port = 'PORT', host = 'HOST'): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${port} is taken: another process listens there`;
  return code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' ? `${host} is no address of this machine` : undefined;
}

function isForOperators(error: unknown): error is Error {
  return error instanceof Error && forOperators.has(error.name);
}
