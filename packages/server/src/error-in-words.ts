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
  const inWords = addressErrorInWords(error) ?? fileErrorInWords(error);
  if (inWords !== undefined) return inWords;
  if (code !== undefined || process.env['LOG_LEVEL'] !== 'debug') return message;
  return (error as Error).stack ?? message;
}

/** What the system says of a zone or a family of addresses that it does not have. */
const noAddress = /^(EINVAL|ENODEV|ENXIO|EAFNOSUPPORT)$/;

/** Why a server cannot listen, by the variables that say where; `undefined` if the reason is another one. */
export function addressErrorInWords(error: unknown, port = 'PORT', host = 'HOST'): string | undefined {
  const { code = '', syscall, port: taken } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE') return `${port} is taken: another process listens on ${taken}`;
  if (syscall === 'listen' && code === 'EACCES') return `This user may not listen on ${port}, which is ${taken}`;
  const isOfHost = /^(EADDRNOTAVAIL|ENOTFOUND)$/.test(code) || (syscall === 'listen' && noAddress.test(code));
  return isOfHost ? `${host} is no address of this machine` : undefined;
}

/** What is wrong with a file that the operator named; `undefined` if the reason is another one. */
function fileErrorInWords(error: unknown): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  if (path === undefined) return undefined;
  if (code === 'ENOENT') return `There is no file ${path}`;
  if (code === 'EISDIR') return `${path} is a directory`;
  return code === 'EACCES' || code === 'EPERM' ? `This user has no access to ${path}` : undefined;
}

function isForOperators(error: unknown): error is Error {
  return error instanceof Error && forOperators.has(error.name);
}
