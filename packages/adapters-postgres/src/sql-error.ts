import { SallyportError } from '@sallyport/core';

/** A statement that PostgreSQL refused. Unlike the drivers' errors, it bears no values. */
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

  /** Whether transactions got in each other's way, and the same work may succeed if it runs again. */
  get isRetryable(): boolean {
    return this.code === '40001' || this.code === '40P01';
  }
}

/** Of a database that is there but cannot serve: its classes of errors, and single ones of other classes. */
const unavailableClasses = ['08', '53', '57', '58'];
const unavailableCodes = ['25006', '25P03', '25P04', '55P03'];

/** What a driver threw, as the rest of the adapter knows it: an `unavailable` or a `SqlError`. */
export function fromDriver(thrown: unknown): SallyportError | SqlError {
  const { code, message, constraint } = thrown as { code?: unknown; message?: unknown; constraint?: string };
  const text = typeof message === 'string' ? message : 'The driver failed';
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  // Without an SQLSTATE, it was not the database that spoke: there was no connection, or it broke.
  if (!isSqlState) return new SallyportError('unavailable', { cause: new Error(text) });
  // Of a value that does not fit its type (class 22), PostgreSQL's own words repeat the value.
  const error = new SqlError(code, code.startsWith('22') ? 'A value does not fit its type' : text, constraint);
  const isUnavailable = unavailableClasses.includes(code.slice(0, 2)) || unavailableCodes.includes(code);
  return isUnavailable ? new SallyportError('unavailable', { cause: error }) : error;
}
