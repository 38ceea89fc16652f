import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { member, type Person, startServer, type TestServer } from './start-server.ts';

const audience = 'https://orders.example.com';

describe('a server with JWT_AUDIENCE', () => {
  let server: TestServer;
  let ada: Person;
  beforeAll(async () => {
    server = await startServer('memory', { environment: { JWT_AUDIENCE: audience } });
    ada = await member(server, 'Ada');
  });
  afterAll(() => server.close());

  it('issues tokens for it, which another service can verify, and accepts them', async () => {
    const { iss, aud } = decodeJwt(ada.token);
    expect(aud).toBe(audience);
    expect(iss).not.toBe(audience);
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
    await jwtVerify(ada.token, keys, { issuer: iss ?? '', audience, typ: 'at+jwt' });
    const { status } = await fetch(`${server.url}/users/me`, { headers: { authorization: `Bearer ${ada.token}` } });
    expect(status).toBe(200);
  });
});
