import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { testApplication } from '@sallyport/adapters-memory/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { koaApp, type RequestEntry } from './index.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The app on a plain server, whose clients may have no address. */
async function listening(hasAddress = true) {
  const entries: RequestEntry[] = [];
  const { application } = testApplication();
  const log = { request: (entry: RequestEntry) => void entries.push(entry), error() {} };
  const callback = koaApp({
    application,
    publicUrl: 'http://localhost',
    log,
    trustedProxies: ['127.0.0.1'],
  }).callback();
  const server = createServer((request, response) => {
    if (!hasAddress) Object.defineProperty(request.socket, 'remoteAddress', { value: undefined });
    void callback(request, response);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, entries };
}

describe('koaApp', () => {
  it('serves the API, and logs each request with an id of its own and the address of the client', async () => {
    const { url, entries } = await listening();
    const headers = { 'x-request-id': 'forged', 'x-forwarded-for': '203.0.113.7' };
    const response = await fetch(`${url}/health/live?secret`, { headers });
    expect(await response.json()).toEqual({ status: 'live' });
    await vi.waitFor(() => expect(entries).toHaveLength(1));
    expect(entries[0]).toEqual({
      requestId: response.headers.get('X-Request-Id'),
      method: 'GET',
      route: '/health/live',
      status: 200,
      code: undefined,
      durationMs: expect.any(Number),
      ip: '203.0.113.7',
      userId: undefined,
    });
    expect(entries[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('closes the connection of a client without an address, and serves nothing', async () => {
    const { url, entries } = await listening(false);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
    expect(entries).toEqual([]);
  });
});
