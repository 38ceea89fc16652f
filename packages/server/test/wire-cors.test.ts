import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from './start-server.ts';

describe('a server that other origins may call', () => {
  let server: TestServer;
  beforeAll(async () => {
    const environment = {
      CORS_ORIGINS: 'https://app.example.com,http://localhost:5173,capacitor://localhost',
      PUBLIC_URL: 'https://id.example.com',
    };
    server = await startServer('memory', { environment });
  });
  afterAll(() => server.close());

  const origin = 'https://app.example.com';

  it('lets those in that are listed, refusals too', async () => {
    for (const [methodAndPath, status] of [
      ['GET /posts', 200],
      ['GET /users/me', 401],
      ['GET /posts/999999', 404],
      ['PUT /posts', 405],
    ] as const) {
      const answer = await server.request(methodAndPath, { headers: { Origin: origin } });
      expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([status, origin]);
      expect(answer.headers.get('Vary')).toContain('Origin');
      expect(answer.headers.has('Access-Control-Allow-Credentials')).toBe(false);
      const exposed = answer.headers.get('Access-Control-Expose-Headers')?.split(',');
      expect(exposed).toEqual([
        'Link',
        'Retry-After',
        'RateLimit-Policy',
        'RateLimit',
        'RateLimit-Limit',
        'RateLimit-Remaining',
        'RateLimit-Reset',
        'WWW-Authenticate',
        'X-Request-Id',
      ]);
    }
  });

  describe('a path that no route has', () => {
    it('is 404 to a page of a listed origin, which may read that', async () => {
      const { status, headers } = await server.request('GET /x', { headers: { Origin: origin } });
      expect([status, headers.get('Access-Control-Allow-Origin')]).toEqual([404, origin]);
    });
  });

  it('answers what a browser asks before', async () => {
    const headers = {
      Origin: origin,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization,content-type',
    };
    const { status, headers: answered } = await server.request('OPTIONS /users/me', { headers });
    expect(status).toBe(204);
    expect(answered.get('Access-Control-Allow-Origin')).toBe(origin);
    expect(answered.get('Access-Control-Allow-Methods')).toBe('GET,HEAD,POST,PATCH,DELETE');
    expect(answered.get('Access-Control-Allow-Headers')).toBe('Authorization,Content-Type');
    expect(answered.get('Access-Control-Max-Age')).toBe('600');
  });

  it('lets a listed origin send every header that it asks for', async () => {
    const headers = {
      Origin: origin,
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'authorization,traceparent, x-app-version',
    };
    const { headers: answered } = await server.request('OPTIONS /posts', { headers });
    expect(answered.get('Access-Control-Allow-Headers')).toBe('Authorization,Content-Type,traceparent,x-app-version');
  });

  it('lets an app in whose pages have a scheme of their own', async () => {
    const { headers } = await server.request('GET /posts', { headers: { Origin: 'capacitor://localhost' } });
    expect(headers.get('Access-Control-Allow-Origin')).toBe('capacitor://localhost');
  });

  it.each([
    'https://evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
    'https://app.example.com:8443',
  ])('keeps %s out', async (other) => {
    for (const methodAndPath of ['GET /posts', 'OPTIONS /posts']) {
      const headers = { Origin: other, 'Access-Control-Request-Method': 'GET' };
      const answer = await server.request(methodAndPath, { headers });
      expect(answer.headers.has('Access-Control-Allow-Origin')).toBe(false);
      expect(answer.headers.get('Vary')).toContain('Origin');
    }
  });

  it('tells browsers to come by https alone, where it is reached so', async () => {
    const { headers } = await server.request('GET /posts');
    expect(headers.get('Strict-Transport-Security')).toMatch(/^max-age=[1-9]\d+/);
  });
});
