import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { get, type Listening, listening, open, postHead, settled, statusesIn } from '../test/listening.ts';

let target: Listening;
beforeEach(async () => {
  target = await listening();
});
afterEach(() => target.server.stop());

describe('a request that cannot be read', () => {
  it('is refused with a problem that must not be stored, and the connection is closed', async () => {
    const { closed } = await open(target, 'garbage\r\n\r\n');
    const answer = '{"title":"Bad Request","status":400,"detail":"The request is malformed"}';
    expect((await closed).split('\r\n')).toEqual([
      'HTTP/1.1 400 Bad Request',
      'Content-Type: application/problem+json',
      `Content-Length: ${answer.length}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      answer,
    ]);
    expect(target.refusals).toEqual([
      {
        reason: 'malformed',
        status: 400,
        detail: 'The request is malformed',
        remoteAddress: '127.0.0.1',
        response: undefined,
      },
    ]);
  });

  it.each([
    ['headers_too_large', '431', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`],
    [
      'chunk_extensions_too_large',
      '413',
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=${'x'.repeat(17_000)}\r\n`,
    ],
    ['tunnel', '501', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['malformed', '400', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('is refused as %s', async (reason, status, text) => {
    const { closed } = await open(target, text);
    expect(statusesIn(await closed)).toEqual([status]);
    expect(target.refusals.map((refusal) => refusal.reason)).toEqual([reason]);
  });

  it('is refused by an answer of the host, which knows what the handler has set so far', async () => {
    const server = await listening({
      timeouts: { headers: 100, request: 100, checkInterval: 50 },
      handler: (_request, response) => void response.setHeader('X-Request-Id', '7'),
      answerRefusal: ({ response }) => ({
        headers: { 'X-Request-Id': String(response?.getHeader('X-Request-Id')) },
        body: 'Too slow',
      }),
    });
    const { closed } = await open(server, `${postHead}{`);
    expect(await closed).toMatch(/^HTTP\/1\.1 408 [^]*\r\nX-Request-Id: 7\r\n[^]*\r\n\r\nToo slow$/);
    await server.server.stop();
  });

  it('is answered in its turn, and only once', async () => {
    const { closed, send, socket } = await open(target, get('/') + get('/held'));
    await once(socket, 'data');
    await send('garbage\r\n\r\n');
    await settled(target);
    await send('more garbage\r\n\r\n');
    await settled(target);
    target.release();
    expect(statusesIn(await closed)).toEqual(['200', '200', '400']);
  });

  it('is answered in full, even if its client sends more meanwhile', async () => {
    const body = 'x'.repeat(8 * 1024 * 1024);
    const server = await listening({ answerRefusal: () => ({ headers: {}, body }) });
    const { closed, socket } = await open(server, 'garbage\r\n\r\n');
    socket.once('data', () => socket.write('more garbage\r\n\r\n'));
    expect((await closed).endsWith(body)).toBe(true);
    await server.server.stop();
  });

  it('is answered without a body if it is a HEAD request', async () => {
    const { closed } = await open(target, `HEAD /?${'a'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await closed).toMatch(/^HTTP\/1\.1 431 [^]*Content-Length: \d\d+\r\n[^]*\r\n\r\n$/);
  });

  it('does not keep a stop waiting if its client does not close the connection', async () => {
    const socket = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('garbage\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    await expect(target.server.stop()).resolves.toBeUndefined();
    socket.destroy();
  });
});
