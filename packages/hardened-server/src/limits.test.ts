import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { get, last, type Listening, listening, open, postHead, settled, statusesIn } from '../test/listening.ts';
import type { HardenedServerOptions } from './index.ts';
import { defaultTimeouts } from './timeouts.ts';

let target: Listening;
const start = async (options: Partial<HardenedServerOptions>) => (target = await listening(options));
afterEach(() => target.server.stop());

/** More requests for a large response than buffers hold, none of which is read. */
const large = get('/large').repeat(2);

describe('a slow client', () => {
  const short = { headers: 200, request: 400, idle: 200, stalled: 600, checkInterval: 50 };
  const patient = { headers: 60_000, request: 60_000, idle: 60_000, stalled: 60_000, checkInterval: 50 };

  it.each<[string, string, Partial<typeof short>]>([
    ['never sends a byte', '', { headers: 200 }],
    ['does not finish a header', 'GET / HTTP/1.1\r\nHost', { headers: 200 }],
    ['does not finish a body', `${postHead}{"email":`, { request: 200, headers: 200 }],
    ['does not finish a second request', `${get('/')}${postHead}{`, { request: 200, headers: 200 }],
    ['sends no second request', get('/'), { idle: 200 }],
  ])('is disconnected, with a 408 if it owes a request: one that %s', async (_, text, timeouts) => {
    await start({ timeouts: { ...patient, ...timeouts } });
    const received = await (await open(target, text)).closed;
    const isTold = text !== get('/');
    expect(statusesIn(received)).toEqual([...(text.startsWith(get('/')) ? ['200'] : []), ...(isTold ? ['408'] : [])]);
    expect(target.refusals.map(({ reason }) => reason)).toEqual(isTold ? ['timeout'] : []);
  });

  it.each(['GET / HTTP/1.1\r\nX-Slow: ', postHead])(
    'is disconnected even if it sends a byte now and then: %.20s…',
    async (text) => {
      await start({ timeouts: short });
      const { socket, closed } = await open(target, text);
      const drip = setInterval(() => socket.write('a'), 20);
      expect(statusesIn(await closed)).toEqual(['408']);
      clearInterval(drip);
    },
  );

  it.each<[string, (socket: Socket) => unknown]>([
    ['nothing', () => {}],
    ['a request for a tunnel', (socket) => socket.write('CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['the end of its half of the connection', (socket) => socket.end()],
  ])('is disconnected when it does not read its response, whatever follows: %s', async (_, follow) => {
    await start({ timeouts: short });
    const { socket } = await open(target);
    socket.pause();
    socket.write(large);
    follow(socket);
    await vi.waitFor(() => expect(target.handled).toHaveLength(1));
    await vi.waitFor(() => expect(target.open.size).toBe(0), 10_000);
    socket.destroy();
  });

  it('has ten seconds for a header, 30 for a request, and 75 until the next request by default', () => {
    expect(defaultTimeouts).toMatchObject({ headers: 10_000, request: 30_000, idle: 75_000 });
  });

  it('is not disconnected because another one is', async () => {
    await start({ timeouts: { ...patient, headers: 200 } });
    const { socket, closed } = await open(target, get('/'));
    await once(socket, 'data');
    await (
      await open(target)
    ).closed;
    socket.write(last('/'));
    expect(statusesIn(await closed)).toEqual(['200', '200']);
  });
});

describe('a new connection beyond the limit', () => {
  it('replaces the one that has been idle for longest', async () => {
    await start({ maxConnections: 50 });
    const idle = [];
    for (let count = 0; count < 200; count += 1) idle.push(await open(target, count % 2 ? '' : 'GET / HTTP/1.1\r\n'));
    expect(statusesIn(await (await open(target, last('/'))).closed)).toEqual(['200']);
    for (const { closed } of idle.slice(0, 150)) expect(await closed).toBe('');
    expect([target.server.replacedConnections, target.server.refusedConnections]).toEqual([151, 0]);
    for (const { socket } of idle.slice(152)) {
      expect(socket.readyState).toBe('open');
      socket.destroy();
    }
  });

  it('does not replace one that was busy a moment ago', async () => {
    await start({ maxConnections: 2 });
    const first = await open(target);
    const second = await open(target);
    await exchange(first.socket);
    await open(target);
    await second.closed;
    first.socket.write(last('/'));
    expect(statusesIn(await first.closed)).toEqual(['200', '200']);
  });

  it.each([
    ['has not finished a body', `${postHead}{`],
    ['does not read its response', large],
  ])('replaces the one that for longest %s, if none is idle', async (_, text) => {
    await start({ maxConnections: 4 });
    const slow = [await openUnread(text), await openUnread(text), await openUnread(text)];
    const busy = await open(target, last('/held'));
    await vi.waitFor(() => expect(target.handled.at(-1)?.url).toBe('/held'));
    await vi.waitFor(
      async () => expect(statusesIn(await (await open(target, last('/'))).closed)).toEqual(['200']),
      10_000,
    );
    target.release();
    expect(statusesIn(await busy.closed)).toEqual(['200']);
    for (const socket of slow) socket.destroy();
  });

  it('is closed if all others are busy', async () => {
    await start({ maxConnections: 3 });
    const busy = [await open(target, get('/held')), await open(target, get('/held')), await open(target, get('/held'))];
    await vi.waitFor(() => expect(target.handled).toHaveLength(3));
    expect(await (await open(target, get('/'))).closed).toBe('');
    expect([target.server.replacedConnections, target.server.refusedConnections]).toEqual([0, 1]);
    const answers = busy.map(({ socket }) => once(socket, 'data'));
    target.release();
    await Promise.all(answers);
    await settled(target);
  });

  it('finds the place of each one that was closed while it was busy, and no other place', async () => {
    await start({ maxConnections: 2 });
    for (let count = 1; count <= 4; count += 1) {
      const { socket } = await open(target, get('/held'));
      await vi.waitFor(() => expect(target.handled).toHaveLength(count));
      socket.destroy();
      await vi.waitFor(() => expect(target.open.size).toBe(0));
    }
    const [first, ...others] = [await open(target), await open(target), await open(target)];
    expect(await first.closed).toBe('');
    for (const { socket } of others) socket.destroy();
    await settled(target);
  });

  it('is counted while it is open', async () => {
    await start({});
    const [first, second] = [await open(target), await open(target)];
    await vi.waitFor(() => expect(target.server.openConnections).toBe(2));
    first.socket.destroy();
    await vi.waitFor(() => expect(target.server.openConnections).toBe(1));
    second.socket.destroy();
    await vi.waitFor(() => expect(target.server.openConnections).toBe(0));
  });

  /** Opens a connection whose responses are not read. The server has read what was sent. */
  async function openUnread(text: string): Promise<Socket> {
    const before = target.handled.length;
    const { socket } = await open(target);
    socket.pause();
    socket.write(text);
    await vi.waitFor(() => expect(target.handled.length).toBeGreaterThan(before));
    return socket;
  }

  async function exchange(socket: Socket): Promise<void> {
    const answered = once(socket, 'data');
    socket.write(get('/'));
    await answered;
  }
});
