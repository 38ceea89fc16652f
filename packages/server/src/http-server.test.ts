import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RequestEntry } from '@sallyport/adapters-http-koa';
import { testApplication } from '@sallyport/adapters-memory/testing';
import { SallyportError } from '@sallyport/core';
import type { HardenedServer } from '@sallyport/hardened-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';

const credentials = JSON.stringify({ email: 'ada@example.com', password: 'secret123' });
const loginHead = [
  'POST /auth/login HTTP/1.1',
  'Host: a',
  'Content-Type: application/json',
  `Content-Length: ${credentials.length}`,
  '',
  '',
].join('\r\n');
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const last = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

let server: HardenedServer;
let port: number;
let entries: RequestEntry[];
let errors: unknown[];
let ready: () => Promise<void>;
async function start(options: Partial<HttpServerOptions> = {}): Promise<void> {
  entries = [];
  errors = [];
  ready = async () => {};
  const { application, member } = testApplication();
  await member('Ada');
  server = createHttpServer({
    application,
    ready: () => ready(),
    log: { request: (entry) => void entries.push(entry), error: (error) => void errors.push(error) },
    publicUrl: 'http://localhost',
    ...options,
  });
  ({ port } = await server.listen(0, '127.0.0.1'));
}
beforeEach(() => start());
afterEach(() => server.stop());

/** A connection that has sent this, and all that has come back once it is closed. */
async function open(text = ''): Promise<{ readonly socket: Socket; readonly closed: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  const closed = once(socket, 'close').then(() => received);
  await once(socket, 'connect');
  if (text !== '') await new Promise((resolve) => socket.write(text, resolve));
  return { socket, closed };
}

/** Resolves once the server has read what was sent before: it answers one connection after the other. */
async function settled(): Promise<void> {
  expect(await (await open(last('/health/live'))).closed).toContain('HTTP/1.1 200 OK');
}

const readiness = async () => (await (await open(last('/health/ready'))).closed).slice(9, 12);

describe('the server', () => {
  it('logs the address of a client that resets its connection while its request is served', async () => {
    let go = () => {};
    ready = () => new Promise<void>((done) => (go = done));
    const { socket, closed } = await open(get('/health/ready'));
    await settled();
    socket.resetAndDestroy();
    await closed;
    await settled();
    go();
    const entry = entries.find(({ route }) => route === '/health/ready');
    expect(entry).toMatchObject({ status: undefined, ip: '127.0.0.1' });
  });

  it('serves liveness before all that waits, and readiness in its share of the turns', async () => {
    const clients = await Promise.all(Array.from({ length: 32 }, () => open()));
    await settled();
    entries.splice(0);
    const paths = [...Array.from({ length: 30 }, () => '/users/me'), '/health/ready', '/health/live'];
    for (const [n, { socket }] of clients.entries()) socket.write(last(paths[n] ?? ''));
    await Promise.all(clients.map(({ closed }) => closed));
    await vi.waitFor(() => expect(entries).toHaveLength(32));
    const order = entries.map(({ route }) => route);
    expect(order.indexOf('/health/live')).toBeLessThan(order.indexOf('/health/ready'));
    expect(order.indexOf('/health/ready')).toBeLessThan(20);
  });
});

describe('readiness', () => {
  it('is that of the store', async () => {
    expect(await readiness()).toBe('200');
    await server.stop();
    await start();
    ready = () => Promise.reject(new SallyportError('unavailable', { cause: new Error('no database') }));
    expect(await readiness()).toBe('503');
    expect(errors).toHaveLength(1);
  });

  it('is asked of the store once for all clients that wait for it', async () => {
    let go = () => {};
    const asked = vi.fn<() => Promise<void>>(() => new Promise((done) => (go = done)));
    ready = asked;
    const clients = await Promise.all(Array.from({ length: 50 }, () => open(last('/health/ready'))));
    await settled();
    go();
    for (const { closed } of clients) expect(await closed).toContain('HTTP/1.1 200 OK');
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('fails as soon as the server retires, although it was fine a moment ago', async () => {
    await server.stop();
    await start({ timeouts: { quiet: 60_000, retire: 60_000 } });
    expect(await readiness()).toBe('200');
    void server.retire();
    const { closed } = await open(get('/health/ready'));
    expect(await closed).toMatch(/^HTTP\/1\.1 503 [^]*\r\nConnection: close\r\n[^]*urn:sallyport:problem:unavailable/);
    expect(errors).toEqual([]);
  });

  it('fails for a request that was half sent when the server stopped', async () => {
    const { socket, closed } = await open('GET /health/ready HTTP/1.1\r\n');
    await settled();
    const stopped = server.stop();
    socket.write('Host: a\r\n\r\n');
    expect(await closed).toMatch(/^HTTP\/1\.1 503 Service Unavailable[^]*Connection: close/);
    await stopped;
  });
});

describe('a server that stops', () => {
  it('answers a login whose body is still arriving, with `Connection: close`, and logs it', async () => {
    const { socket, closed } = await open(loginHead + credentials.slice(0, 10));
    await settled();
    const stopped = server.stop();
    socket.write(credentials.slice(10));
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK[^]*Connection: close[^]*"access_token"/);
    await stopped;
    expect(entries.at(-1)).toMatchObject({ route: '/auth/login', status: 200 });
  });
});

describe('a request that the server refuses by itself', () => {
  it('is answered by a problem of the API, and logged under the same id', async () => {
    const received = await (await open('garbage\r\n\r\n')).closed;
    const [head = '', body = ''] = received.split('\r\n\r\n');
    const { instance } = JSON.parse(body);
    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 400 Bad Request',
      `X-Request-Id: ${instance}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${body.length}`,
      'Cache-Control: no-store',
      'Connection: close',
    ]);
    expect(JSON.parse(body)).toEqual({
      type: 'urn:sallyport:problem:malformed_request',
      title: 'Malformed request',
      status: 400,
      detail: 'The request is malformed',
      instance,
    });
    expect(entries).toEqual([
      {
        requestId: instance,
        status: 400,
        code: 'malformed_request',
        ip: '127.0.0.1',
        durationMs: 0,
        method: undefined,
        route: undefined,
        userId: undefined,
      },
    ]);
  });

  it.each([
    ['431', 'headers_too_large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`],
    [
      '413',
      'payload_too_large',
      `${loginHead.replace(/Content-Length.*/, 'Transfer-Encoding: chunked')}1;x=${'x'.repeat(17_000)}`,
    ],
    ['501', 'not_implemented', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('gets the status %s and the problem %s', async (status, type, text) => {
    const received = await (await open(text)).closed;
    expect(received).toContain(`HTTP/1.1 ${status} `);
    expect(received).toContain(`"urn:sallyport:problem:${type}"`);
  });

  it('has one line in the log, under the id that it was given, if its body does not arrive', async () => {
    await server.stop();
    await start({ timeouts: { headers: 100, request: 100, checkInterval: 50 } });
    const received = await (await open(`${loginHead}{`)).closed;
    const { instance, type } = JSON.parse(received.slice(received.indexOf('{')));
    expect(type).toBe('urn:sallyport:problem:request_timeout');
    expect(received).toContain(`X-Request-Id: ${instance}\r\n`);
    await vi.waitFor(() => expect(entries.at(-1)).toMatchObject({ route: '/auth/login', status: undefined }));
    expect(entries.map(({ requestId }) => requestId)).toEqual([instance]);
  });
});
