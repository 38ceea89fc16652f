import type { Quota } from './limits.ts';

/** Every refusal of the core, with a sentence that a user may read. */
const messages = {
  validation_failed: 'The input is invalid',
  email_taken: 'Email already registered',
  external_id_taken: 'External id already in use',
  password_already_set: 'The account already has a password',
  registration_closed: 'Registration is closed',
  email_not_verified: 'Email is not verified',
  invalid_credentials: 'Invalid email or password',
  current_password_incorrect: 'Current password is incorrect',
  account_deactivated: 'Account is deactivated',
  not_authenticated: 'Not authenticated',
  invalid_token: 'Invalid or expired token',
  invalid_refresh_token: 'Invalid or expired refresh token',
  invalid_one_time_token: 'Invalid or expired token',
  user_no_longer_exists: 'User no longer exists',
  admin_required: 'Admin access required',
  role_required: 'Your role does not allow this',
  system_required: 'Only the system may do this',
  last_admin: 'The last active admin cannot be removed',
  user_not_found: 'User not found',
  session_not_found: 'Session not found',
  post_not_found: 'Post not found',
  post_update_denied: 'Not authorized to update this post',
  post_delete_denied: 'Not authorized to delete this post',
  rate_limited: 'Too many attempts, try again later',
  unavailable: 'The service is temporarily unavailable',
} as const;

/** The closed union of error codes: `switch (error.code)` is exhaustive. */
export type SallyportErrorCode = keyof typeof messages;

/** One problem of an input. */
export interface ValidationIssue {
  /** The path of the field: keys from the input's root, as the core names them. */
  readonly path: readonly (string | number)[];
  /** The problem, in the core's own words. It never echoes the value. */
  readonly message: string;
}

/** What an error may carry besides its code. */
export interface SallyportErrorDetails {
  /** With `validation_failed`: at least one issue. */
  readonly issues?: readonly ValidationIssue[];
  /** With `rate_limited` and `unavailable`: seconds after which to try again. */
  readonly retryAfter?: number;
  /** With `rate_limited`: the quota that was used up. */
  readonly quota?: Quota;
  /** For the log alone. */
  readonly cause?: unknown;
}

const brand = Symbol.for('@sallyport/core/SallyportError');

/**
 * The only error that use cases and ports throw on purpose. Recognise it by `isSallyportError`, then switch on its
 * code.
 */
export class SallyportError extends Error {
  override readonly name = 'SallyportError';
  readonly code: SallyportErrorCode;
  readonly issues: readonly ValidationIssue[];
  readonly retryAfter: number | undefined;
  readonly quota: Quota | undefined;

  constructor(code: SallyportErrorCode, details: SallyportErrorDetails = {}) {
    super(messageOf(code, details.issues), 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.issues = details.issues ?? [];
    this.retryAfter = details.retryAfter;
    this.quota = details.quota;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** The sentence of a code. For an invalid input, the first problem and its field. */
function messageOf(code: SallyportErrorCode, issues: readonly ValidationIssue[] = []): string {
  const [first] = issues;
  if (!first) return messages[code];
  return first.path.length > 0 ? `${first.path.join('.')}: ${first.message}` : first.message;
}

/** Whether this is a `SallyportError`, from any copy of the package. */
export function isSallyportError(error: unknown): error is SallyportError {
  return typeof error === 'object' && error !== null && brand in error;
}
