import type { DomainEvent } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parts, replace } from '../src/index.ts';
import { createLog } from '../src/log.ts';
import { keepLog } from './kept-log.ts';
import { connectRaw, sendRequest } from './raw-socket.ts';
import { startSecureServer } from './secure-server.ts';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  ['HTTP', (options: TestServerOptions) => startServer('memory', options)],
  ['HTTPS', startSecureServer],
])('clients that reset their connection right after a request by %s', (_, start) => {
  const lines: { readonly msg: string; readonly route?: string; readonly ip?: string }[] = [];
  const events: DomainEvent[] = [];
  let server: TestServer;
  beforeAll(async () => {
    const log = createLog('debug', {
      write(line) {
        lines.push(JSON.parse(line));
        keepLog(line);
      },
    });
    server = await start({ environment: { RATE_LIMITS: 'on' }, overrides: [replace(parts.log, log)] });
    server.application.events.on('*', (event) => void events.push(event));
  });
  afterAll(() => server.close());

  function registration(n: number): string {
    const body = JSON.stringify({ name: 'Eve', email: `eve${n}@example.com`, password: 'secret123', age: 36 });
    const head = 'POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json';
    return `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }

  it('are limited, logged and audited by their address, or not served at all', async () => {
    // Connections that come together are accepted one in each turn: many are reset before they are.
    for (let round = 0; round < 60; round += 1) {
      const clients = Array.from({ length: 10 }, () => connectRaw(server.url));
      await Promise.all(clients.map(({ connected }) => connected));
      for (const [n, { write }] of clients.entries()) write(registration(round * 10 + n));
      for (let wait = 0; wait < round % 6; wait += 1) await turn();
      for (const { reset } of clients) reset();
      await Promise.all(clients.map(({ closed }) => closed));
    }
    const { status } = await sendRequest(server, 'GET /health/ready HTTP/1.1');
    expect(status).toBe(200);
    await vi.waitFor(() => expect(lines.filter(({ route }) => route === '/health/ready')).not.toEqual([]));

    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter(({ ip }) => ip !== '127.0.0.1')).toEqual([]);
    expect(events.filter(({ ip }) => ip !== '127.0.0.1')).toEqual([]);
    expect(events.length).toBeLessThanOrEqual(50);
  });
});
