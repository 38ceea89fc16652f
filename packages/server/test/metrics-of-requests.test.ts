import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectRaw, sendRaw, sendRequest } from './raw-socket.ts';
import { changes, changesBy, type Scrape, scrape } from './scrape.ts';
import { startServer, type TestServer } from './start-server.ts';

describe('The requests of a measured server', () => {
  const origin = 'https://app.example.com';
  let server: TestServer;
  let first: Scrape;
  beforeAll(async () => {
    server = await startServer('memory', { environment: { METRICS_PORT: '0', CORS_ORIGINS: origin } });
    first = await scrape(server.metricsUrl);
  });
  afterAll(() => server.close());

  it.each([
    ['GET /users/me', { status: 401, route: '/users/me', method: 'GET', code: 'not_authenticated' }],
    ['GET /users/4711?x=y', { status: 401, route: '/users/{id}', method: 'GET', code: 'not_authenticated' }],
    ['GET /no/such/path', { status: 404, route: 'none', method: 'GET', code: 'not_found' }],
    ['PUT /users/me', { status: 405, route: 'none', method: 'none', code: 'method_not_allowed' }],
    ['GET /health/live', { status: 200, route: '/health/live', method: 'GET', code: undefined }],
  ])('are counted by route, method, status and code: %s', async (request, { status, route, method, code }) => {
    const refusal = code === undefined ? {} : { [`sallyport_refusals_total{code="${code}"}`]: 1 };
    await expect
      .poll(await changesBy(server, 'sallyport_refusals_total', () => server.request(request)))
      .toEqual(refusal);
    await expect.poll(await changesBy(server, 'sallyport_http_requests_total', () => server.request(request))).toEqual({
      [`sallyport_http_requests_total{route="${route}",method="${method}",status="${status}"}`]: 1,
    });
  });

  it('are counted without any label that a client chose', async () => {
    const before = await scrape(server.metricsUrl);
    await sendRaw(server.url, 'PROPFIND /marker?marker HTTP/1.1\r\nHost: marker\r\nConnection: close\r\n\r\n');
    await sendRaw(server.url, 'marker\r\n\r\n');
    await server.request('POST /auth/token', { form: { grant_type: 'marker', marker: 'marker' } });
    await vi.waitFor(async () => {
      const after = await scrape(server.metricsUrl);
      expect(changes(before, after, 'sallyport_refusals')).toEqual({
        'sallyport_refusals_total{code="malformed_request"}': 1,
        'sallyport_refusals_total{code="not_implemented"}': 1,
        'sallyport_refusals_total{code="unsupported_grant_type"}': 1,
      });
      expect([...after.keys()].join('\n').toLowerCase()).not.toContain('marker');
    });
  });

  it.each<[what: string, requestLine: string, headers?: string[], body?: string]>([
    ['one that cannot be read', 'marker'],
    ['a tunnel', 'CONNECT a:80 HTTP/1.1'],
    ['a method that is not known', 'PROPFIND / HTTP/1.1'],
    ['a method that no route has', 'PUT /users/me HTTP/1.1'],
    ['a method that its path does not have', 'HEAD /auth/login HTTP/1.1'],
    ['a path that is not known', 'DELETE /no/such/path HTTP/1.1'],
    ['a header that is too large', `GET / HTTP/1.1`, [`X: ${'x'.repeat(20_000)}`]],
    ['too many headers', 'PATCH /users/me HTTP/1.1', Array.from({ length: 101 }, () => 'X: x')],
    ['an expectation', 'POST /auth/login HTTP/1.1', ['Expect: marker']],
    ['an unknown transfer coding', 'POST /auth/login HTTP/1.1', ['Transfer-Encoding: gzip, chunked']],
    ['OPTIONS', 'OPTIONS /users/me HTTP/1.1'],
    ['a preflight request', 'OPTIONS /users HTTP/1.1', [`Origin: ${origin}`, 'Access-Control-Request-Method: GET']],
    ['the root', 'GET / HTTP/1.1'],
    ['a file that the client has', 'GET /docs HTTP/1.1', ['If-None-Match: *']],
    ['HEAD', 'HEAD /health/ready HTTP/1.1'],
    ['a form of another page', 'POST /reset-password HTTP/1.1', ['Origin: https://marker.example']],
    ['a form without fields', 'POST /reset-password HTTP/1.1'],
    ['a form that is none', 'POST /verify-email HTTP/1.1', ['Content-Type: text/marker', 'Content-Length: 1'], 'x'],
  ])('are counted in a series that was there before: %s', async (_, requestLine, headers = [], body = '') => {
    const name = 'sallyport_http_requests_total';
    const counted = await changesBy(server, name, () => sendRequest(server, requestLine, headers, body));
    await expect.poll(async () => Object.values(await counted())).toEqual([1]);
    const later = [...(await scrape(server.metricsUrl)).keys()].filter((series) => !first.has(series));
    expect(later.filter((series) => /^sallyport_\w+_total/.test(series))).toEqual([]);
  });

  it('are counted with the status "none" if the client left before the answer', async () => {
    const name = 'sallyport_http_requests_total{route="/auth/login"';
    await expect
      .poll(
        await changesBy(server, name, async () => {
          const { write, reset } = connectRaw(server.url);
          write('POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
          await new Promise((resolve) => setTimeout(resolve, 50));
          reset();
        }),
      )
      .toEqual({ [`${name},method="POST",status="none"}`]: 1 });
  });

  it('are measured by route', async () => {
    const name = 'sallyport_http_request_duration_seconds_count';
    await expect.poll(await changesBy(server, name, () => server.request('GET /users/4711'))).toEqual({
      [`${name}{route="/users/{id}",method="GET"}`]: 1,
    });
  });
});
