import type { Quota } from './limits.ts';
import type { ModuleName } from './module-name.ts';

/** Every refusal of the core, with a sentence that a user may read. Modules add their own. */
const messages = {
  validation_failed: 'The input is invalid',
  email_taken: 'Email already registered',
  external_id_taken: 'External id already in use',
  password_already_set: 'The account already has a password',
  registration_closed: 'Registration is closed',
  account_refused: 'The account cannot be created',
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
  rate_limited: 'Too many attempts, try again later',
  unavailable: 'The service is temporarily unavailable',
} as const;

/** The error codes of the core. */
export type SallyportErrorCode = keyof typeof messages;

/** Any error code: of the core, or of a module. */
export type ErrorCode = SallyportErrorCode | ModuleName;

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
  /** With `account_refused`, and with the code of a module: a sentence that a user may read. */
  readonly message?: string;
  /** For the log alone. */
  readonly cause?: unknown;
}

const brand = Symbol.for('@sallyport/core/SallyportError');

/**
 * The only error that use cases and ports throw on purpose. Recognise it by `isSallyportError`, then compare its code.
 * `isError` of a module narrows it to the codes of that module.
 */
export class SallyportError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SallyportError';
  readonly code: Code;
  readonly issues: readonly ValidationIssue[];
  readonly retryAfter: number | undefined;
  readonly quota: Quota | undefined;

  constructor(code: Code, details: SallyportErrorDetails = {}) {
    super(messageOf(code, details), 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.issues = details.issues ?? [];
    this.retryAfter = details.retryAfter;
    this.quota = details.quota;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** The sentence of a code. For an invalid input, the first problem and its field. */
function messageOf(code: ErrorCode, { message, issues: [first] = [] }: SallyportErrorDetails): string {
  if (message !== undefined) return message;
  if (!first) return isCoreCode(code) ? messages[code] : code;
  return first.path.length > 0 ? `${first.path.join('.')}: ${first.message}` : first.message;
}

/** Whether this is an error code of the core. */
export const isCoreCode = (code: ErrorCode): code is SallyportErrorCode => Object.hasOwn(messages, code);

/** Whether this is a `SallyportError`, from any copy of the package. */
export function isSallyportError(error: unknown): error is SallyportError {
  return typeof error === 'object' && error !== null && brand in error;
}
