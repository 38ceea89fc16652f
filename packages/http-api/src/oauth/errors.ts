import { isSallyportError } from '@sallyport/core';
import { type ApiRequest, type ApiResponse, jsonResponse, notStored } from '../messages.ts';
import { logOutage } from '../problems/answer.ts';
import type { ErrorLog } from '../problems/error-log.ts';
import { HttpError } from '../problems/http-error.ts';
import { problemTypes } from '../problems/problem-types.ts';
import { retryHeaders } from '../problems/retry-headers.ts';
import { toWireName } from '../wire/names.ts';

/** The error codes of the OAuth endpoints (RFC 6749, sections 4.1.2.1 and 5.2). */
export const oauthErrors = [
  'invalid_request',
  'invalid_grant',
  'unsupported_grant_type',
  'temporarily_unavailable',
] as const;

/** A refusal of an OAuth endpoint (RFC 6749, section 5.2). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly error: (typeof oauthErrors)[number];

  constructor(status: number, error: OAuthError['error'], description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }
}

/**
 * Answers the errors of an OAuth endpoint as its clients expect them (RFC 6749, section 5.2): plain JSON, without a
 * challenge. `detail` accompanies `error_description` for clients of the rest of this API.
 *
 * @throws an error that is no refusal
 */
export function answerOAuthError(
  error: unknown,
  { requestId, observed }: Pick<ApiRequest, 'requestId' | 'observed'>,
  log: ErrorLog,
): ApiResponse {
  const refusal = toOAuthError(error);
  if (!refusal) throw error;
  logOutage(error, requestId, log);
  if (observed) observed.code = isSallyportError(error) || error instanceof HttpError ? error.code : refusal.error;
  const { status, message } = refusal;
  return jsonResponse(
    status,
    { error: refusal.error, error_description: message, detail: message },
    { ...(isSallyportError(error) && retryHeaders(error)), ...notStored },
  );
}

/** The OAuth form of an error; `undefined` if the error is not a refusal. */
function toOAuthError(error: unknown): OAuthError | undefined {
  if (error instanceof OAuthError) return error;
  if (error instanceof HttpError && error.code !== 'internal_error') {
    return new OAuthError(problemTypes[error.code].status, 'invalid_request', error.message);
  }
  if (!isSallyportError(error)) return undefined;
  switch (error.code) {
    case 'invalid_credentials':
    case 'invalid_refresh_token':
      return new OAuthError(401, 'invalid_grant', 'Invalid credentials');
    case 'account_deactivated':
    case 'email_not_verified':
      return new OAuthError(403, 'invalid_grant', error.message);
    case 'validation_failed': {
      const [issue] = error.issues;
      // A username that is no e-mail address has no account.
      if (issue?.path[0] === 'email') return new OAuthError(401, 'invalid_grant', 'Invalid credentials');
      return new OAuthError(400, 'invalid_request', `${toWireName(String(issue?.path[0]))}: ${issue?.message}`);
    }
    case 'rate_limited':
      return new OAuthError(429, 'temporarily_unavailable', error.message);
    case 'unavailable':
      return new OAuthError(503, 'temporarily_unavailable', error.message);
    default:
      return undefined;
  }
}
