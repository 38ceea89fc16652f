import type { SallyportErrorCode } from '@sallyport/core';

/** Errors of HTTP itself, which occur before the core is called. */
export type HttpErrorCode =
  | 'malformed_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'request_timeout'
  | 'headers_too_large'
  | 'not_implemented'
  | 'internal_error';

export type ProblemCode = SallyportErrorCode | HttpErrorCode;

interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** Whether a bearer token would help (RFC 6750, section 3). */
  readonly challenge?: 'Bearer' | 'Bearer error="invalid_token"';
}

/** How HTTP presents each error code. A missing code does not compile. */
export const problemTypes: Readonly<Record<ProblemCode, ProblemType>> = {
  validation_failed: { status: 422, title: 'Invalid input' },
  email_taken: { status: 400, title: 'E-mail taken' },
  external_id_taken: { status: 400, title: 'External id taken' },
  password_already_set: { status: 409, title: 'Password already set' },
  registration_closed: { status: 403, title: 'Registration closed' },
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
  post_not_found: { status: 404, title: 'Not found' },
  post_update_denied: { status: 403, title: 'Forbidden' },
  post_delete_denied: { status: 403, title: 'Forbidden' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Unavailable' },

  malformed_request: { status: 400, title: 'Malformed request' },
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

/** A problem details object (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The id of the request, which is also in the log. */
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export const problemMediaType = 'application/problem+json';

/** The problem of this code. */
export function toProblem(code: ProblemCode, detail: string, instance: string, errors?: Problem['errors']): Problem {
  const { status, title } = problemTypes[code];
  return { type: `urn:sallyport:problem:${code}`, title, status, detail, instance, ...(errors && { errors }) };
}

/** A refusal by HTTP itself. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
