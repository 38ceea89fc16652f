import { GrantView, IntrospectionView, NoOutput, useCases } from '@sallyport/core';
import * as v from 'valibot';
import { OAuthError } from './errors.ts';
import type { Route } from '../routes/route.ts';
import { toWireName } from '../wire/names.ts';

/** The grants of the token endpoint. */
export const grantTypes = ['password', 'refresh_token'] as const;

const TokenRequest = v.object({
  // Another grant type is refused by its own error, so this is no picklist.
  grantType: v.optional(v.pipe(v.string(), v.metadata({ title: 'GrantType', enum: grantTypes })), 'password'),
  username: v.optional(v.string()),
  password: v.optional(v.string()),
  refreshToken: v.optional(v.string()),
});

const { accessToken, tokenType, expiresIn, refreshToken } = GrantView.entries;
const TokenResponse = v.pipe(v.object({ accessToken, tokenType, expiresIn, refreshToken }), v.title('Tokens'));

/** A token to introspect or to revoke. Its kind can be seen from the token itself. */
const TokenForm = v.object({ token: v.optional(v.string()), tokenTypeHint: v.optional(v.string()) });

const endpoint = { method: 'POST', status: 200, errors: [], style: 'oauth', bearer: 'ignored' } as const;

/** Exchanges a grant for tokens (RFC 6749, sections 4.3 and 6). OAuth clients and the docs page call it. */
export const tokenRoute: Route = {
  ...endpoint,
  path: '/auth/token',
  operationId: 'issueTokens',
  errors: [...new Set([...useCases.login.errors, ...useCases.refresh.errors])],
  summary: 'Exchange a password or a refresh token for tokens',
  description:
    'The token endpoint of OAuth 2.0 (RFC 6749, sections 4.3 and 6), for OAuth clients and the Authorize button of the ' +
    'docs page. The username is the e-mail address. Apps of your own call `login` and `refresh`.',
  who: 'anyone',
  input: TokenRequest,
  output: TokenResponse,
  async run(application, caller, inputOf) {
    // A parameter that was sent without a value counts as omitted (RFC 6749, section 3.2).
    const given = Object.entries(await inputOf()).filter(([, value]) => value !== '');
    const form = parseForm(TokenRequest, Object.fromEntries(given));
    switch (form.grantType) {
      case 'password':
        return application.login.attempt(caller, {
          email: needed(form, 'username'),
          password: needed(form, 'password'),
        });
      case 'refresh_token':
        return application.refresh.attempt(caller, { refreshToken: needed(form, 'refreshToken') });
      default:
        throw new OAuthError(400, 'unsupported_grant_type', 'The grant type is not supported');
    }
  },
};

/** Returns the state of a token (RFC 7662). */
export const introspectRoute: Route = {
  ...endpoint,
  path: '/auth/introspect',
  operationId: 'introspect',
  summary: 'Ask whether a token is valid',
  description:
    'Returns whether an access token or a refresh token is valid now, and which user it belongs to (RFC 7662). An ' +
    'invalid token of any kind gets `{"active": false}`.',
  who: 'admin',
  bearer: 'required',
  input: TokenForm,
  output: IntrospectionView,
  run: (application, caller, inputOf) => application.introspect.attempt(caller, async () => tokenOf(await inputOf())),
};

/** Ends the session of a token (RFC 7009). Whatever the token is, the answer is 200. */
export const revokeRoute: Route = {
  ...endpoint,
  path: '/auth/revoke',
  operationId: 'revoke',
  summary: 'Revoke a token and its session',
  description:
    'Ends the session that an access token or a refresh token belongs to, so its other tokens become invalid too (RFC ' +
    '7009). Possession of the token is proof enough. An invalid token counts as revoked.',
  who: 'anyone',
  input: TokenForm,
  output: NoOutput,
  run: (application, caller, inputOf) => application.revoke.attempt(caller, async () => tokenOf(await inputOf())),
};

function tokenOf(input: unknown): { readonly token: string } {
  return { token: needed(parseForm(TokenForm, input), 'token') };
}

function parseForm<const Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> {
  const form = v.safeParse(schema, input);
  if (form.success) return form.output;
  throw new OAuthError(400, 'invalid_request', 'Each parameter may be sent once, as text');
}

function needed<Name extends string>(form: { readonly [Field in Name]?: string | undefined }, name: Name): string {
  const value = form[name];
  if (value === undefined) throw new OAuthError(400, 'invalid_request', `${toWireName(name)} is missing`);
  return value;
}
