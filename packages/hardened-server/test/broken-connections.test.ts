import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { selfSigned } from '../../../test/certificates.ts';
import { get, type Listening, listening, type Open, open, openTls, postHead, settled } from './listening.ts';
import type { Certificate } from '../src/index.ts';

let certificate: Certificate;
beforeAll(async () => {
  certificate = await selfSigned('localhost');
});

/** Nothing here ends by a timeout. */
const patient = { headers: 600_000, request: 600_000, idle: 600_000, stalled: 600_000, drain: 600_000 };
const maxConnections = 20;

describe.each([
  ['HTTP', open],
  ['HTTPS', openTls],
] as const)('a client that breaks off by %s', (protocol, connect) => {
  let target: Listening;
  beforeEach(async () => {
    target = await listening({ timeouts: patient, maxConnections, ...(protocol === 'HTTPS' && { certificate }) });
  });
  afterEach(() => target.server.stop());

  const nothing = { withoutAddress: 0, errors: 0, places: maxConnections - 1 };

  /** What is left of clients that broke off, once the server has noticed. */
  async function remains(): Promise<typeof nothing> {
    await settled(target);
    await vi.waitFor(() => expect(target.open.size).toBe(0));
    const before = target.handled.length;
    // A connection that is still counted has the place of one of these, which are all busy.
    const busy = [];
    for (let count = 1; count < maxConnections; count += 1) busy.push(await connect(target, get('/held')));
    await settled(target);
    const places = target.handled.slice(before).filter(({ url }) => url === '/held').length;
    for (const { socket } of busy) socket.destroy();
    const withoutAddress = target.handled.filter(({ socket }) => socket.remoteAddress !== '127.0.0.1').length;
    return { withoutAddress, errors: target.errors.length, places };
  }

  /** What a client has sent when it breaks off. */
  const moments: [string, (target: Listening) => Promise<Open>][] = [
    ['before it sends a byte', (to) => connect(to)],
    ['in the header of a request', (to) => connect(to, 'GET / HTTP/1.1\r\nHo')],
    ['right after a request', (to) => connect(to, get('/'))],
    ['right after requests that it sends ahead', (to) => connect(to, get('/').repeat(10))],
    ['in the body of a request', (to) => handledOnce(to, `${postHead}{`)],
    ['while its request is in progress', (to) => handledOnce(to, get('/held'))],
    ['while one of its requests is in progress and others wait', (to) => handledOnce(to, get('/held').repeat(5))],
    [
      'between the responses to requests that it sent ahead',
      (to) => answeredOnce(to, get('/') + get('/held').repeat(5)),
    ],
    ['while a response is sent that it does not read', (to) => unread(to, get('/large'))],
    ['after a response', (to) => answeredOnce(to, get('/'))],
  ];

  it.each(moments)('%s, by a reset, leaves nothing behind', async (_moment, arrive) => {
    for (let round = 0; round < 10; round += 1) {
      const { reset, closed } = await arrive(target);
      reset();
      await closed;
    }
    expect(await remains()).toEqual(nothing);
  });

  it.each(moments)('%s, by closing its half of the connection, leaves nothing behind', async (_moment, arrive) => {
    for (let round = 0; round < 10; round += 1) {
      const { socket, closed } = await arrive(target);
      socket.resume().end();
      await closed;
    }
    expect(await remains()).toEqual(nothing);
  });

  it('as soon as it is connected, accepted or not, is served with its address or not at all', async () => {
    for (let round = 0; round < 60; round += 1) {
      const clients = await Promise.all(Array.from({ length: 10 }, () => connect(target)));
      for (const { socket } of clients) socket.write(get('/') + get('/'));
      for (let wait = 0; wait < round % 6; wait += 1) await turn();
      for (const { reset } of clients) reset();
      await Promise.all(clients.map(({ closed }) => closed));
    }
    expect(await remains()).toEqual(nothing);
  });

  it('has none of its waiting requests handled', async () => {
    for (const leave of [({ reset }: Open) => reset(), ({ socket }: Open) => void socket.end()]) {
      const client = await handledOnce(target, get('/held').repeat(5));
      leave(client);
      await client.closed;
    }
    target.release();
    await settled(target);
    expect(target.handled.filter(({ url }) => url === '/held')).toHaveLength(2);
  });

  async function handledOnce(to: Listening, text: string): Promise<Open> {
    const before = to.handled.length;
    const client = await connect(to, text);
    await vi.waitFor(() => expect(to.handled.length).toBeGreaterThan(before), { interval: 1 });
    return client;
  }

  async function answeredOnce(to: Listening, text: string): Promise<Open> {
    const client = await connect(to);
    const answered = once(client.socket, 'data');
    client.socket.write(text);
    await answered;
    return client;
  }

  async function unread(to: Listening, text: string): Promise<Open> {
    const client = await connect(to);
    client.socket.pause();
    client.socket.write(text);
    await vi.waitFor(() => expect(to.open.size).toBe(1), { interval: 1 });
    return client;
  }
});
