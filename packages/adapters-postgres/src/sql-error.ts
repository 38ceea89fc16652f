import { SallyportError } from '@sallyport/core';

/** A statement that PostgreSQL refused. Unlike the drivers' errors, it contains no values. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  /** The SQLSTATE (PostgreSQL manual, appendix A). */
  readonly code: string;
  readonly constraint: string | undefined;

  constructor(code: string, message: string, constraint?: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.constraint = constraint;
  }

  /** Whether transactions conflicted, so that the same work may succeed if it runs again. */
  get isRetryable(): boolean {
    return this.code === '40001' || this.code === '40P01';
  }
}

/** Errors of a database that is reachable but cannot serve: whole classes, and single codes of other classes. */
const unavailableClasses = ['08', '53', '57', '58'];
const unavailableCodes = ['25006', '25P03', '25P04', '55P03'];

/** Converts an error of the driver into an `unavailable` or a `SqlError`. */
export function fromDriver(thrown: unknown): SallyportError | SqlError {
  const { code, message, constraint } = thrown as { code?: unknown; message?: unknown; constraint?: string };
  const text = typeof message === 'string' ? message : 'The driver failed';
  // No class begins with E, unlike codes of the system such as EPIPE.
  const isSqlState = typeof code === 'string' && /^(?!E)[0-9A-Z]{5}$/.test(code);
  // Without an SQLSTATE, the error is not the database's: the connection failed.
  if (!isSqlState) return new SallyportError('unavailable', { cause: new Error(text) });
  // For a value that does not fit its type (class 22), PostgreSQL's message repeats the value.
  const error = new SqlError(code, code.startsWith('22') ? 'A value does not fit its type' : text, constraint);
  const isUnavailable = unavailableClasses.includes(code.slice(0, 2)) || unavailableCodes.includes(code);
  return isUnavailable ? new SallyportError('unavailable', { cause: error }) : error;
}
