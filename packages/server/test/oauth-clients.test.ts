import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from './problem.ts';
import {
  admin,
  basePath,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

/** As clients know it; they refuse a server without TLS. */
const site = 'https://sallyport.test';
const issuer = site + basePath;
const client: oauth.Client = { client_id: 'some client' };

describe.each(storeOfEachAdapter)('OAuth clients that know nothing of %s but its address', (store) => {
  let server: TestServer;
  let root: Person;
  let as: oauth.AuthorizationServer;
  beforeAll(async () => {
    server = await startServer(store, { environment: { PUBLIC_URL: issuer } });
    root = await admin(server);
    const found = await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: 'oauth2' });
    as = await oauth.processDiscoveryResponse(new URL(issuer), found);
  });
  afterAll(() => server.close());

  /** What the server is called leads to where it listens. */
  const arrive = (url: string, init: object) => server.fetch(url.slice(site.length), init);
  const options = { [oauth.customFetch]: arrive };

  const asBearer =
    (token: string): oauth.ClientAuth =>
    (_as, _client, _body, headers) =>
      headers.set('Authorization', `Bearer ${token}`);

  const logIn = async ({ email: username, password }: Person) => {
    const response = await oauth.genericTokenEndpointRequest(
      as,
      client,
      oauth.None(),
      'password',
      { username, password },
      options,
    );
    return oauth.processGenericTokenEndpointResponse(as, client, response);
  };
  const refresh = async (token: string) => {
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), token, options);
    return oauth.processRefreshTokenResponse(as, client, response);
  };
  const introspect = async (token: string, hint?: string) => {
    const additionalParameters = hint === undefined ? {} : { token_type_hint: hint };
    const settings = { ...options, additionalParameters };
    const response = await oauth.introspectionRequest(as, client, asBearer(root.token), token, settings);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    return oauth.processIntrospectionResponse(as, client, response);
  };
  const revoke = async (token: string) => {
    const response = await oauth.revocationRequest(as, client, oauth.None(), token, options);
    return oauth.processRevocationResponse(response);
  };
  const isLetIn = async (token: string) => (await server.request('GET /users/me', { token })).status === 200;
  const verify = (token: string) => {
    const keys = createRemoteJWKSet(new URL(as.jwks_uri ?? ''), { [joseFetch]: arrive });
    return jwtVerify(token, keys, { issuer, audience: issuer, typ: 'at+jwt' });
  };

  it('discover all there is (RFC 8414)', async () => {
    expect(as).toEqual({
      issuer,
      token_endpoint: `${issuer}/auth/token`,
      introspection_endpoint: `${issuer}/auth/introspect`,
      revocation_endpoint: `${issuer}/auth/revoke`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      service_documentation: `${issuer}/docs`,
      grant_types_supported: ['password', 'refresh_token'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['none'],
      revocation_endpoint_auth_methods_supported: ['none'],
    });
    const { status, headers } = await server.request('GET /.well-known/oauth-authorization-server');
    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers.get('Cache-Control')).toBe('public, max-age=300');
  });

  it('log in by the password grant, and go on by the refresh grant', async () => {
    const person = await member(server);
    const first = await logIn(person);
    expect(first).toMatchObject({ token_type: 'bearer', expires_in: 1800, refresh_token: expect.any(String) });
    const second = await refresh(first.refresh_token ?? '');
    expect(second.refresh_token).not.toBe(first.refresh_token);
    for (const { access_token } of [first, second]) expect(await isLetIn(access_token)).toBe(true);
  });

  it('understand a refusal', async () => {
    const person = { ...(await member(server)), password: 'secret124' };
    const refusal = { error: 'invalid_grant', status: 401, error_description: 'Invalid credentials' };
    await expect(logIn(person)).rejects.toMatchObject(refusal);
    await expect(refresh('x')).rejects.toMatchObject(refusal);
    const unknown = await oauth.genericTokenEndpointRequest(as, client, oauth.None(), 'urn:x', {}, options);
    await expect(oauth.processGenericTokenEndpointResponse(as, client, unknown)).rejects.toMatchObject({
      error: 'unsupported_grant_type',
      status: 400,
    });
  });

  it('verify an access token by nothing but the key set (RFC 7517)', async () => {
    const { id, token, refreshToken } = await member(server);
    const { payload, protectedHeader } = await verify(token);
    expect(payload).toMatchObject({ iss: issuer, aud: issuer, sub: String(id), client_id: 'sallyport' });
    expect(protectedHeader).toEqual({ typ: 'at+jwt', alg: 'EdDSA', kid: expect.any(String) });
    const [header, claims, signature = ''] = token.split('.');
    const bent = `${header}.${claims}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`;
    await expect(verify(bent)).rejects.toThrow('signature verification failed');
    await expect(verify(refreshToken)).rejects.toThrow('JWS Protected Header is invalid');
  });

  it('find public parts alone in the key set, which they may keep for five minutes', async () => {
    const { status, headers, body } = await server.request('GET /.well-known/jwks.json');
    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/jwk-set+json']);
    expect(headers.get('Cache-Control')).toBe('public, max-age=300');
    const text = expect.stringMatching(/^[\w-]{43}$/);
    expect(body).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: text, kid: text, use: 'sig', alg: 'EdDSA' }] });
  });

  describe('introspect (RFC 7662)', () => {
    it('an access token and a refresh token, whatever they take it for', async () => {
      const { id, email, token, refreshToken } = await member(server);
      for (const hint of [undefined, 'access_token', 'refresh_token', 'x']) {
        for (const one of [token, refreshToken]) {
          const { exp = 0, iat = 0, ...rest } = await introspect(one, hint);
          expect(rest).toEqual({
            active: true,
            sub: String(id),
            username: email,
            client_id: 'sallyport',
            sid: expect.stringMatching(/^[\w-]{22}$/),
          });
          expect(exp - iat).toBe(one === token ? 1800 : 30 * 24 * 3600);
        }
      }
    });

    it('what is none, and what is none any more', async () => {
      const [ada, idle, gone] = [await member(server), await member(server), await member(server)];
      await server.request('POST /auth/logout', { token: ada.token });
      await server.request('PATCH /users/me/deactivate', { token: idle.token });
      await server.request('DELETE /users/me', { token: gone.token });
      const used = await member(server);
      await refresh(used.refreshToken);
      const dead = [ada, idle, gone].flatMap(({ token, refreshToken }) => [token, refreshToken]);
      for (const token of ['x', ' ', `${used.token}x`, used.refreshToken, ...dead]) {
        expect(await introspect(token), token).toEqual({ active: false });
      }
    });

    it('as admins alone', async () => {
      const { token } = await member(server);
      const ask = (bearer?: string) => server.request('POST /auth/introspect', { token: bearer, form: { token } });
      expect(problemOf(await ask())).toEqual([401, 'Not authenticated']);
      expect(problemOf(await ask(token))).toEqual([403, 'Admin access required']);
    });
  });

  describe('revoke (RFC 7009)', () => {
    it.each(['token', 'refreshToken'] as const)('the session of a %s, and no other', async (kind) => {
      const person = await member(server);
      const other = await logIn(person);
      await revoke(person[kind]);
      expect(await isLetIn(person.token)).toBe(false);
      await expect(refresh(person.refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
      expect(await isLetIn(other.access_token)).toBe(true);
      const query = `subject_id=${person.id}&type=session.ended`;
      const { body } = await server.request(`GET /admin/audit?${query}`, { token: root.token });
      expect(body).toHaveLength(1);
    });

    it('what is none, or none any more, with the same answer', async () => {
      const { token, refreshToken } = await member(server);
      for (const one of [token, token, refreshToken, 'x', `${token}x`, 'x'.repeat(100_000)]) await revoke(one);
      const { status, headers, body } = await server.request('POST /auth/revoke', { form: { token } });
      expect([status, headers.get('Cache-Control'), body]).toEqual([200, 'no-store', '']);
    });

    it('nothing without a token', async () => {
      const refusal = 'token is missing';
      for (const form of [{ other: 'x' }, {}]) {
        const { status, body } = await server.request('POST /auth/revoke', { form });
        expect([status, body]).toEqual([
          400,
          { error: 'invalid_request', error_description: refusal, detail: refusal },
        ]);
      }
    });
  });
});
