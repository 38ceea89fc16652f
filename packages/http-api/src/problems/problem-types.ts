import type { SallyportErrorCode } from '@sallyport/core';
import type { HttpErrorCode } from './http-error.ts';

/**
 * Every code that the API itself presents. A module has its own codes, and a table of its own for them
 * (`HttpModule.problems`).
 */
export type ProblemCode = SallyportErrorCode | HttpErrorCode;

/** How HTTP presents an error code. */
export interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** The last part of its URI, `urn:sallyport:problem:…`; the code if absent. */
  readonly uri?: string;
  /** Whether a bearer token would help (RFC 6750, section 3). */
  readonly challenge?: 'Bearer' | 'Bearer error="invalid_token"';
}

/** The codes of the core and of HTTP. A missing code does not compile. */
export const problemTypes: Readonly<Record<ProblemCode, ProblemType>> = {
  validation_failed: { status: 422, title: 'Invalid input' },
  email_taken: { status: 400, title: 'E-mail taken' },
  external_id_taken: { status: 400, title: 'External id taken' },
  password_already_set: { status: 409, title: 'Password already set' },
  registration_closed: { status: 403, title: 'Registration closed' },
  account_refused: { status: 403, title: 'Account refused' },
  email_not_verified: { status: 403, title: 'E-mail not verified' },
  invalid_credentials: { status: 401, title: 'Invalid credentials' },
  current_password_incorrect: { status: 400, title: 'Wrong password' },
  account_deactivated: { status: 403, title: 'Account deactivated' },
  not_authenticated: { status: 401, title: 'Not authenticated', challenge: 'Bearer' },
  invalid_token: { status: 401, title: 'Invalid token', challenge: 'Bearer error="invalid_token"' },
  invalid_refresh_token: { status: 401, title: 'Invalid refresh token' },
  invalid_one_time_token: { status: 400, title: 'Invalid link' },
  user_no_longer_exists: { status: 401, title: 'No such user', challenge: 'Bearer error="invalid_token"' },
  admin_required: { status: 403, title: 'Forbidden' },
  role_required: { status: 403, title: 'Forbidden' },
  system_required: { status: 403, title: 'Forbidden' },
  last_admin: { status: 409, title: 'Last admin' },
  user_not_found: { status: 404, title: 'Not found' },
  session_not_found: { status: 404, title: 'Not found' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Unavailable' },

  malformed_request: { status: 400, title: 'Malformed request' },
  foreign_origin: { status: 403, title: 'Foreign origin' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'Request timeout' },
  payload_too_large: { status: 413, title: 'Payload too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  expectation_failed: { status: 417, title: 'Expectation failed' },
  headers_too_large: { status: 431, title: 'Headers too large' },
  internal_error: { status: 500, title: 'Internal error' },
  not_implemented: { status: 501, title: 'Not implemented' },
};

/** Problem types by code. */
export type ProblemTypes = Readonly<Record<string, ProblemType>>;

/**
 * The problem types of the API with those of its modules.
 *
 * @throws Error when a code has two
 */
export function problemTypesWith(modules: readonly { readonly problems: ProblemTypes }[]): ProblemTypes {
  const all: Record<string, ProblemType> = { ...problemTypes };
  for (const [code, type] of modules.flatMap(({ problems }) => Object.entries(problems))) {
    if (Object.hasOwn(all, code)) throw new Error(`The error code ${code} has two problem types`);
    all[code] = type;
  }
  return all;
}
