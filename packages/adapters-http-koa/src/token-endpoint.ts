import { isSallyportError } from '@sallyport/core';
import * as v from 'valibot';
import { HttpError, problemTypes } from './problems.ts';
import type { Route } from './route.ts';
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

const TokenRequest = v.object({
  grantType: v.optional(v.string(), 'password'),
  username: v.optional(v.string()),
  password: v.optional(v.string()),
});

const TokenResponse = v.object({
  accessToken: v.string(),
  tokenType: v.literal('bearer'),
  expiresIn: v.number(),
});

/** The form login: what OAuth clients and the docs page's Authorize button call (RFC 6749, section 4.3). */
export const tokenRoute: Route = {
  method: 'POST',
  path: '/auth/token',
  summary: 'Exchange a username and password for an access token',
  who: 'anyone',
  input: TokenRequest,
  output: TokenResponse,
  status: 200,
  errors: [],
  style: 'oauth',
  async run(application, caller, input) {
    const form = v.safeParse(TokenRequest, input);
    if (!form.success) throw new OAuthError(400, 'invalid_request', 'Each parameter may be sent once, as text');
    const { grantType, username, password } = form.output;
    if (grantType !== 'password')
      throw new OAuthError(400, 'unsupported_grant_type', 'The grant type is not supported');
    if (username === undefined) throw new OAuthError(400, 'invalid_request', 'username is missing');
    if (password === undefined) throw new OAuthError(400, 'invalid_request', 'password is missing');
    return application.login.execute(caller, { email: username, password });
  },
};

/** How an OAuth endpoint says an error; `undefined` for one that is no refusal. */
export function toOAuthError(error: unknown): OAuthError | undefined {
  if (error instanceof OAuthError) return error;
  if (error instanceof HttpError) {
    return new OAuthError(problemTypes[error.code].status, 'invalid_request', error.message);
  }
  if (!isSallyportError(error)) return undefined;
  switch (error.code) {
    case 'invalid_credentials':
      return new OAuthError(401, 'invalid_grant', 'Invalid credentials');
    case 'account_deactivated':
      return new OAuthError(403, 'invalid_grant', error.message);
    case 'validation_failed': {
      const [issue] = error.issues;
      // A username that is no address belongs to nobody.
      if (issue?.path[0] === 'email') return new OAuthError(401, 'invalid_grant', 'Invalid credentials');
      return new OAuthError(400, 'invalid_request', `${toWireName(String(issue?.path[0]))}: ${issue?.message}`);
    }
    case 'unavailable':
      return new OAuthError(503, 'temporarily_unavailable', error.message);
    default:
      return undefined;
  }
}
