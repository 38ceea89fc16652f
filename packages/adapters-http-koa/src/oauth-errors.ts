import { isSallyportError } from '@sallyport/core';
import { HttpError, problemTypes } from './problems.ts';
import { toWireName } from './wire.ts';

/** A refusal of an OAuth endpoint (RFC 6749, section 5.2). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly error: 'invalid_request' | 'invalid_grant' | 'unsupported_grant_type' | 'temporarily_unavailable';

  constructor(status: number, error: OAuthError['error'], description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }
}

/** The OAuth form of an error; `undefined` if the error is not a refusal. */
export function toOAuthError(error: unknown): OAuthError | undefined {
  if (error instanceof OAuthError) return error;
  if (error instanceof HttpError) {
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
