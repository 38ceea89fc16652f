import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { selfSigned } from '../../../test/certificates.ts';
import { get, last, type Listening, listening, open, openTls, settled, statusesIn } from '../test/listening.ts';
import type { Certificate } from './index.ts';

let [first, second]: Certificate[] = [];
beforeAll(async () => {
  [first, second] = await Promise.all(['first', 'second'].map(selfSigned));
});

let target: Listening;
beforeEach(async () => {
  target = await listening({ certificate: first, timeouts: { headers: 300, checkInterval: 50 } });
});
afterEach(() => target.server.stop());

/** The name in the certificate that a new client is shown. */
async function nameShown(): Promise<unknown> {
  const { socket, closed } = await openTls(target, last('/'));
  const { CN } = socket.getPeerCertificate().subject;
  expect(statusesIn(await closed)).toEqual(['200']);
  return CN;
}

describe('a certificate', () => {
  it('is shown to new clients as soon as it is used, and open connections keep the one before', async () => {
    const { socket, closed, send } = await openTls(target, get('/'));
    await once(socket, 'data');
    expect(await nameShown()).toBe('first');
    target.server.useCertificate(second!);
    expect(await nameShown()).toBe('second');
    await send(last('/'));
    expect(statusesIn(await closed)).toEqual(['200', '200']);
  });

  it.each<[string, RegExp, () => Certificate]>([
    ['is not PEM', /PEM/, () => ({ cert: 'none', key: 'none' })],
    ['belongs to another key', /mismatch/, () => ({ cert: second!.cert, key: first!.key })],
  ])('that %s is rejected, and the one before stays in use', async (_, message, next) => {
    expect(() => target.server.useCertificate(next())).toThrow(message);
    expect(await nameShown()).toBe('first');
  });

  it('is rejected by a server for HTTP', async () => {
    const plain = await listening();
    expect(() => plain.server.useCertificate(second!)).toThrow('This server speaks no TLS');
    await plain.server.stop();
  });
});

describe('over TLS', () => {
  it.each([
    ['garbage\r\n\r\n', '400'],
    ['GET / HTTP/1.1\r\nHost', '408'],
    ['', '408'],
  ])('an unreadable request is answered: %j', async (text, status) => {
    const received = await (await openTls(target, text)).closed;
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json`));
  });

  it('a new connection beyond the limit replaces an idle one, whether its handshake is complete or not', async () => {
    const small = await listening({ certificate: first, maxConnections: 3 });
    const [raw, silent, asking] = [await open(small), await openTls(small), await openTls(small)];
    const answered = once(asking.socket, 'data');
    await asking.send(get('/'));
    await answered;
    const others = [await openTls(small), await openTls(small)];
    expect([await raw.closed, await silent.closed]).toEqual(['', '']);
    await asking.send(last('/'));
    expect(statusesIn(await asking.closed)).toEqual(['200', '200']);
    for (const { socket } of others) socket.destroy();
    await small.server.stop();
  });

  it('a stop does not wait for clients without a request or without a handshake', async () => {
    const patient = await listening({ certificate: first });
    const [raw, silent] = [await open(patient), await openTls(patient)];
    await patient.server.stop();
    expect([await raw.closed, await silent.closed]).toEqual(['', '']);
  });
});

describe('a handshake', () => {
  it.each([
    ['nothing', ''],
    ['a request in plain text', get('/')],
    ['the first bytes of a handshake', '\x16\x03\x01\x02\x00\x01'],
    ['garbage', 'x'.repeat(10_000)],
  ])('that fails has no answer, and its connection is closed: %s', async (_, text) => {
    expect(await (await open(target, text)).closed).not.toContain('HTTP');
    expect(await nameShown()).toBe('first');
    expect([target.handled.length, target.refusals, target.errors]).toEqual([1, [], []]);
  });

  it('that gains a byte now and then is not waited for any longer', async () => {
    const hello = await clientHello();
    const { socket, closed } = await open(target);
    let sent = 0;
    const drip = setInterval(() => socket.write(hello.subarray(sent, (sent += 1))), 20);
    expect(await closed).not.toContain('HTTP');
    clearInterval(drip);
    expect(sent).toBeLessThan(hello.length);
    await settled(target);
  });

  it('that the client breaks off at any point leaves nothing behind', async () => {
    const hello = await clientHello();
    for (let length = 0; length <= hello.length; length += 20) {
      const { socket, reset } = await open(target);
      socket.write(hello.subarray(0, length));
      if (length % 40 === 0) socket.end();
      else reset();
    }
    await settled(target);
    expect([target.handled.length, target.refusals, target.errors]).toEqual([1, [], []]);
  });

  it('is not repeated on a connection (CVE-2011-1473)', async () => {
    const { socket, closed, send } = await openTls(target, get('/'), { maxVersion: 'TLSv1.2' });
    await once(socket, 'data');
    expect(await renegotiated(socket)).toBe(false);
    await send(get('/'));
    expect(statusesIn(await closed)).toEqual(['200']);
    expect(target.refusals).toEqual([]);
    await settled(target);
  });

  it('is not repeated while a request is in flight, which is then dropped', async () => {
    const { socket, closed } = await openTls(target, get('/held'), { maxVersion: 'TLSv1.2' });
    await vi.waitFor(() => expect(target.handled).toHaveLength(1));
    expect(await renegotiated(socket)).toBe(false);
    expect(await closed).toBe('');
    await vi.waitFor(() => expect(target.open.size).toBe(0));
  });
});

/** Whether the server agrees to another handshake, or closes the connection. */
async function renegotiated(socket: TLSSocket): Promise<boolean> {
  const closed = once(socket, 'close').then(() => false);
  const done = new Promise<boolean>((resolve) => {
    socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error === null));
  });
  return Promise.race([closed, done]);
}

/** The first message of a client in a handshake. */
async function clientHello(): Promise<Buffer> {
  const recorder = createServer().listen(0, '127.0.0.1');
  await once(recorder, 'listening');
  const { port } = recorder.address() as { port: number };
  const connected = once(recorder, 'connection');
  const client = connectTls({ port, host: '127.0.0.1' }).on('error', () => {});
  const [socket] = await connected;
  const [hello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  recorder.close();
  return hello;
}
