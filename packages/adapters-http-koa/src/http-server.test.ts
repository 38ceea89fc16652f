import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { testApplication } from '@sallyport/adapters-memory/testing';
import { SallyportError } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer, type HttpServer } from './http-server.ts';
import type { RequestEntry } from './request-log.ts';

const credentials = JSON.stringify({ email: 'ada@example.com', password: 'secret123' });
const loginHead = [
  'POST /auth/login HTTP/1.1',
  'Host: a',
  'Content-Type: application/json',
  `Content-Length: ${credentials.length}`,
  '',
  '',
].join('\r\n');
const live = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';

let server: HttpServer;
let port: number;
let entries: RequestEntry[];
let errors: unknown[];
let ready: () => Promise<void>;
beforeEach(async () => {
  entries = [];
  errors = [];
  ready = async () => {};
  const { application, member } = testApplication();
  await member('Ada');
  server = createHttpServer({
    application,
    ready: () => ready(),
    log: { request: (entry) => void entries.push(entry), error: (error) => void errors.push(error) },
    corsOrigins: [],
    trustedProxies: [],
    publicUrl: 'http://localhost',
  });
  ({ port } = await server.listen(0, '127.0.0.1'));
});
afterEach(() => server.stop());

/** A connection that has sent this, and all that has come back once it is closed. */
async function open(text: string): Promise<{ readonly socket: Socket; readonly closed: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  const closed = once(socket, 'close').then(() => received);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(text, resolve));
  return { socket, closed };
}

/** Has the server read what was sent before: it answers one connection after the other. */
async function settled(): Promise<void> {
  const { socket, closed } = await open(live.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  expect(await closed).toContain('HTTP/1.1 200 OK');
  socket.destroy();
}

describe('the server', () => {
  it('says on which port it listens, and refuses one that is taken', async () => {
    expect(port).toBeGreaterThan(0);
    const other = createHttpServer({
      application: testApplication().application,
      ready,
      log: { request() {}, error() {} },
      corsOrigins: [],
      trustedProxies: [],
      publicUrl: 'http://localhost',
    });
    await expect(other.listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await other.stop();
  });

  it('keeps a connection until it stops', async () => {
    const { socket, closed } = await open(live);
    await once(socket, 'data');
    socket.write(live);
    await once(socket, 'data');
    await server.stop();
    const received = await closed;
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(received.match(/Connection: keep-alive/g)).toHaveLength(2);
  });

  it('logs the address of a client that resets its connection while its request is served', async () => {
    let go = () => {};
    ready = () => new Promise<void>((done) => (go = done));
    const { socket, closed } = await open('GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n');
    await settled();
    socket.resetAndDestroy();
    await closed;
    await settled();
    go();
    const entry = entries.find(({ route }) => route === '/health/ready');
    expect(entry).toMatchObject({ status: undefined, ip: '127.0.0.1' });
  });

  it('is ready when what it stands on is', async () => {
    const readiness = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
    expect(await readiness()).toBe(200);
    ready = async () => {
      throw new SallyportError('unavailable', { cause: new Error('no database') });
    };
    expect(await readiness()).toBe(503);
    expect(errors).toHaveLength(1);
  });
});

describe('a server that stops', () => {
  it('accepts no more', async () => {
    await server.stop();
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('answers a request whose body is still coming, and says goodbye', async () => {
    const { socket, closed } = await open(loginHead + credentials.slice(0, 10));
    await settled();
    const stopped = server.stop();
    socket.write(credentials.slice(10));
    const received = await closed;
    expect(received).toContain('HTTP/1.1 200 OK');
    expect(received).toContain('Connection: close');
    expect(received).toContain('"access_token"');
    await stopped;
    expect(entries.at(-1)).toMatchObject({ route: '/auth/login', status: 200 });
  });

  it('answers a request that is being worked on', async () => {
    let go = () => {};
    const asked = new Promise<void>((resolve) => {
      ready = () => {
        resolve();
        return new Promise<void>((done) => (go = done));
      };
    });
    const { closed } = await open('GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n');
    await asked;
    const stopped = server.stop();
    go();
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK[^]*Connection: close/);
    await stopped;
  });

  it('serves no request that a client sent ahead behind its last response', async () => {
    let [asked, go] = [0, () => {}];
    ready = () => {
      asked += 1;
      return new Promise<void>((done) => (go = done));
    };
    const { closed } = await open('GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3));
    await settled();
    const stopped = server.stop();
    go();
    expect((await closed).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    await stopped;
    expect(asked).toBe(1);
  });

  it('is not ready for a request that was half sent', async () => {
    const { socket, closed } = await open('GET /health/ready HTTP/1.1\r\n');
    await settled();
    const stopped = server.stop();
    socket.write('Host: a\r\n\r\n');
    const received = await closed;
    expect(received).toMatch(/^HTTP\/1\.1 503 Service Unavailable[^]*Connection: close/);
    expect(received).toContain('urn:sallyport:problem:unavailable');
    await stopped;
    expect(errors).toEqual([]);
  });

  it('may be told so again', async () => {
    await server.stop();
    await expect(server.stop()).resolves.toBeUndefined();
  });
});

describe('a request that cannot be read', () => {
  it('is answered and told of under the same id', async () => {
    const { closed } = await open('garbage\r\n\r\n');
    const received = await closed;
    const { instance } = JSON.parse(received.slice(received.indexOf('{')));
    expect(received).toContain(`X-Request-Id: ${instance}\r\n`);
    expect(entries).toEqual([
      {
        requestId: instance,
        status: 400,
        ip: '127.0.0.1',
        durationMs: 0,
        method: undefined,
        route: undefined,
        userId: undefined,
      },
    ]);
  });

  it('is answered in its turn, and does not cut into an answer that is on its way', async () => {
    let go = () => {};
    ready = () => new Promise<void>((done) => (go = done));
    const { socket, closed } = await open(`${live}GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n`);
    await once(socket, 'data');
    socket.write('garbage\r\n\r\n');
    await settled();
    socket.write('more garbage\r\n\r\n');
    await settled();
    go();
    const received = await closed;
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('is not waited with, where its sender does not hang up', async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('garbage\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    await expect(server.stop()).resolves.toBeUndefined();
  });
});
