import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectRaw, sendRaw } from './raw-socket.ts';
import { changes, changesBy, scrape } from './scrape.ts';
import { startServer, type TestServer } from './start-server.ts';

describe('The requests of a measured server', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startServer('memory', { environment: { METRICS_PORT: '0' } })));
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
      const ours = [...after.keys()].filter((series) => series.startsWith('sallyport_'));
      expect(ours.filter((series) => !before.has(series))).toEqual([
        'sallyport_http_requests_total{route="none",method="none",status="501"}',
        'sallyport_http_requests_total{route="none",method="none",status="400"}',
      ]);
    });
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
