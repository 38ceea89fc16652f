import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selfSigned } from '../../../test/certificates.ts';
import {
  get,
  last,
  type Listening,
  listening,
  open,
  openTls,
  postHead,
  settled,
  statusesIn,
} from '../test/listening.ts';
import { inOrder, maxWaiting, maxWaitingBytes } from './pipelining.ts';

describe('inOrder', () => {
  let served: string[];
  let handle: ReturnType<typeof inOrder>;
  beforeEach(() => {
    served = [];
    handle = inOrder(({ url = '' }) => void served.push(url));
  });

  const connection = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });

  /** Hands over a request; the response says that it has been sent by `close`. */
  function ask(socket: Duplex, url: string, { rawHeaders = [] as string[], readableLength = 0 } = {}): EventEmitter {
    const response = new EventEmitter();
    handle({ url, rawHeaders, readableLength, socket } as unknown as IncomingMessage, response as ServerResponse);
    return response;
  }
  const askAll = (socket: Duplex, count: number) => Array.from({ length: count }, (_, n) => ask(socket, `/${n}`));

  it('serves the next request of a connection once the response to the one before was sent', () => {
    const socket = connection();
    const responses = askAll(socket, 3);
    expect(served).toEqual(['/0']);
    responses[0]?.emit('close');
    expect(served).toEqual(['/0', '/1']);
    responses[1]?.emit('close');
    responses[2]?.emit('close');
    ask(socket, '/later');
    expect(served).toEqual(['/0', '/1', '/2', '/later']);
  });

  it('lets no connection wait for another one', () => {
    askAll(connection(), 3);
    ask(connection(), '/other');
    expect(served).toEqual(['/0', '/other']);
  });

  it('lets 16 requests wait, and destroys a connection that sends one more', async () => {
    expect(maxWaiting).toBe(16);
    const socket = connection();
    const [first] = askAll(socket, 17);
    expect(socket.destroyed).toBe(false);
    ask(socket, '/one-more');
    expect(socket.destroyed).toBe(true);
    askAll(socket, 1_000);
    first?.emit('close');
    await turn();
    askAll(socket, 1_000);
    expect(served).toEqual(['/0']);
  });

  it('lets 16 requests wait again as those before are served', () => {
    const socket = connection();
    const responses = askAll(socket, 17);
    for (let count = 0; count < 100; count += 1) {
      responses.shift()?.emit('close');
      responses.push(ask(socket, `/more-${count}`));
    }
    expect([socket.destroyed, served.length]).toEqual([false, 101]);
  });

  it('drops the requests that wait when their client leaves', async () => {
    const socket = connection();
    const [first] = askAll(socket, 5);
    socket.destroy();
    await once(socket, 'close');
    first?.emit('close');
    expect(served).toEqual(['/0']);
  });

  it('serves no request behind the last response of a connection, and bounds those that come even so', () => {
    const socket = connection();
    const [first] = askAll(socket, 5);
    socket.end();
    first?.emit('close');
    expect([served, socket.destroyed]).toEqual([['/0'], false]);
    askAll(socket, 16);
    expect([served, socket.destroyed]).toEqual([['/0'], true]);
  });

  it.each([
    ['large headers', { rawHeaders: ['x', 'a'.repeat(15_000)] }],
    ['many headers', { rawHeaders: Array.from({ length: 400 }, () => 'x') }],
    ['bodies', { readableLength: 15_000 }],
  ])('destroys a connection whose waiting requests take too much memory for their %s', (_, fields) => {
    const socket = connection();
    ask(socket, '/first', fields);
    for (const url of ['/1', '/2']) ask(socket, url, fields);
    expect(socket.destroyed).toBe(false);
    for (const url of ['/3', '/4', '/5']) ask(socket, url, fields);
    expect([socket.destroyed, served]).toEqual([true, ['/first']]);
  });

  it('lets one request with the largest header wait', () => {
    const socket = connection();
    ask(socket, '/first');
    ask(socket, `/${'a'.repeat(8_000)}`, { rawHeaders: Array.from({ length: 200 }, () => 'a'.repeat(40)) });
    expect([socket.destroyed, 16 * 1024 < maxWaitingBytes]).toEqual([false, true]);
  });
});

describe.each([
  ['HTTP', open],
  ['HTTPS', openTls],
] as const)('requests that a client sends ahead of their responses by %s', (protocol, connect) => {
  let target: Listening;
  beforeEach(async () => {
    target = await listening(protocol === 'HTTPS' ? { certificate: await selfSigned('localhost') } : {});
  });
  afterEach(() => target.server.stop());
  const pages = (count: number) => Array.from({ length: count }, (_, n) => get(`/${n}`)).join('');

  it('are answered one at a time, in order, up to 17', async () => {
    const { closed } = await connect(target, pages(16) + last('/last'));
    expect(statusesIn(await closed)).toEqual(Array.from({ length: 17 }, () => '200'));
    expect(target.handled.map(({ url }) => url)).toEqual([...Array.from({ length: 16 }, (_, n) => `/${n}`), '/last']);
  });

  it('are answered in order, whatever they are', async () => {
    const body = 'x'.repeat(99);
    const expecting = postHead.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n');
    const mixed = postHead + body + get('/').replace('GET', 'HEAD') + expecting + body + last('/');
    const { closed } = await connect(target, mixed);
    expect(statusesIn(await closed)).toEqual(['200', '200', '100', '200', '200']);
    expect(target.handled.map(({ method }) => method)).toEqual(['POST', 'HEAD', 'POST', 'GET']);
  });

  it.each([
    ['in the same write', get('/held').repeat(18), ''],
    ['later', get('/held').repeat(17), get('/held')],
  ])('destroy the connection when 17 wait, the last of which came %s', async (_when, first, later) => {
    const { closed, socket } = await connect(target, first);
    await vi.waitFor(() => expect(target.handled).toHaveLength(1));
    if (later) socket.write(later);
    expect(await closed).toBe('');
    target.release();
    await settled(target);
    expect(target.handled.map(({ url }) => url)).toEqual(['/held', '/settled']);
  });

  it('are not even read behind the one that destroys the connection', async () => {
    const isHealthCheck = vi.fn<() => boolean>(() => true);
    const server = await listening({ isHealthCheck, timeouts: { quiet: 60_000, retire: 60_000 } });
    // While it retires, it looks at each request that is read.
    void server.server.retire();
    const { closed } = await open(server, get('/held').repeat(1_000));
    expect(await closed).toBe('');
    expect(isHealthCheck).toHaveBeenCalledTimes(18);
    await server.server.stop();
  });

  it.each([
    ['a tunnel', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', '501'],
    ['what cannot be read', 'garbage\r\n\r\n', '400'],
  ])('are answered before %s is refused', async (_what, behind, status) => {
    const { closed } = await connect(target, pages(17) + behind);
    expect(statusesIn(await closed)).toEqual([...Array.from({ length: 17 }, () => '200'), status]);
  });

  it('keep no other client waiting, however many come on however many connections', async () => {
    const kept = await connect(target);
    let told = '';
    kept.socket.on('data', (chunk) => (told += String(chunk)));
    const storm = await Promise.all(Array.from({ length: 20 }, () => connect(target)));
    for (const { socket } of storm) socket.write(get('/held').repeat(4_000));
    for (let count = 1; count <= 20; count += 1) {
      kept.socket.write(get('/'));
      await vi.waitFor(() => expect(statusesIn(told)).toHaveLength(count), { timeout: 30_000, interval: 2 });
    }
    await Promise.all(storm.map(({ closed }) => closed));
    expect(target.handled.filter(({ url }) => url === '/held').length).toBeLessThanOrEqual(20);
    kept.socket.destroy();
  });
});
