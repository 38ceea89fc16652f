import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lastly, type Listening, listening, live, open, settled } from '../test/listening.ts';
import type { HttpServerOptions } from './http-server.ts';
import { defaultTimeouts } from './timeouts.ts';

let target: Listening;
const start = async (options: Partial<HttpServerOptions>) => (target = await listening(options));
afterEach(() => target.server.stop());

const loginHead =
  'POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n';
const large = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n';
const statuses = (received: string) => received.match(/(?<=HTTP\/1\.1 )\d+/g);

describe('whoever takes too long', () => {
  const short = { headers: 200, request: 400, idle: 200, stalled: 600, checkInterval: 50 };
  const patient = { headers: 60_000, request: 60_000, idle: 60_000, stalled: 60_000, checkInterval: 50 };

  it.each<[string, string, Partial<typeof short>]>([
    ['never sends a byte', '', { headers: 200 }],
    ['does not come to the end of a header', 'GET /posts HTTP/1.1\r\nHost', { headers: 200 }],
    ['does not come to the end of a body', `${loginHead}{"email":`, { request: 200, headers: 200 }],
    ['does not come to the end of a second request', `${live}${loginHead}{`, { request: 200, headers: 200 }],
    ['sends no second request', live, { idle: 200 }],
  ])('is cut, and told so where there is something to answer: one who %s', async (_, text, timeouts) => {
    await start({ timeouts: { ...patient, ...timeouts } });
    const received = await (await open(target, text)).closed;
    const told = text === live ? [] : ['408'];
    expect(statuses(received)).toEqual([...(text.startsWith(live) ? ['200'] : []), ...told]);
    if (told.length === 0) return;
    const answer = received.slice(received.lastIndexOf('HTTP/1.1'));
    const problem = JSON.parse(answer.slice(answer.indexOf('{')));
    expect(problem).toMatchObject({ type: 'urn:sallyport:problem:request_timeout', status: 408 });
    expect(answer).toMatch(/\r\nContent-Type: application\/problem\+json\r\n[^]*\r\nConnection: close\r\n/);
    expect(answer).toContain(`X-Request-Id: ${problem.instance}\r\n`);
    await vi.waitFor(() => expect(target.entries.map(({ requestId }) => requestId)).toContain(problem.instance));
  });

  it.each(['GET /posts HTTP/1.1\r\nX-Slow: ', loginHead])(
    'is not helped by a byte now and then: %.20s…',
    async (text) => {
      await start({ timeouts: short });
      const { socket, closed } = await open(target, text);
      const drip = setInterval(() => socket.write('a'), 20);
      expect(statuses(await closed)).toEqual(['408']);
      clearInterval(drip);
    },
  );

  it.each([
    ['nothing', ''],
    ['a tunnel that was asked for behind it', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('is cut when reading the answer, too, whatever follows: %s', async (_, behind) => {
    await start({ timeouts: short });
    const { socket } = await open(target);
    socket.pause();
    socket.write(large.repeat(17) + behind);
    await vi.waitFor(() => expect(target.entries.map(({ status }) => status)).toContain(undefined), 10_000);
    socket.destroy();
  });

  it('has ten seconds for a header, and thirty for a request or till the next one', () => {
    expect(defaultTimeouts).toMatchObject({ headers: 10_000, request: 30_000, idle: 30_000 });
  });

  it('is cut although the server has not hung up on others', async () => {
    await start({ timeouts: { ...patient, headers: 200 } });
    const { socket, closed } = await open(target, live);
    await once(socket, 'data');
    await (
      await open(target)
    ).closed;
    socket.write(lastly);
    expect(statuses(await closed)).toEqual(['200', '200']);
  });
});

describe('connections beyond the limit', () => {
  it('take the place of those that have been idle for longest', async () => {
    await start({ maxConnections: 50 });
    const idle = [];
    for (let count = 0; count < 200; count += 1)
      idle.push(await open(target, count % 2 ? '' : 'GET /half HTTP/1.1\r\n'));
    const { closed } = await open(target, lastly);
    expect(statuses(await closed)).toEqual(['200']);
    for (const { closed: cut } of idle.slice(0, 150)) expect(await cut).toBe('');
    for (const { socket } of idle.slice(152)) {
      expect(socket.readyState).toBe('open');
      socket.destroy();
    }
  });

  it('leave those alone that were busy a moment ago', async () => {
    await start({ maxConnections: 2 });
    const first = await open(target);
    const second = await open(target);
    await settledAs(first.socket);
    await open(target);
    await second.closed;
    first.socket.write(lastly);
    expect(statuses(await first.closed)).toEqual(['200', '200']);
  });

  it.each([
    ['has not come to the end of a body', `${loginHead}{`],
    ['does not read the answer', large.repeat(17)],
  ])('take the place of the one that for longest %s, where none is idle', async (_, text) => {
    const waiting: (() => void)[] = [];
    await start({ maxConnections: 4, ready: () => new Promise((resolve) => waiting.push(resolve)) });
    const slow = [await openUnread(text), await openUnread(text), await openUnread(text)];
    const busy = await open(target, 'GET /health/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    await vi.waitFor(async () => expect(statuses(await (await open(target, lastly)).closed)).toEqual(['200']), 10_000);
    for (const done of waiting) done();
    expect(statuses(await busy.closed)).toEqual(['200']);
    for (const socket of slow) socket.destroy();
  });

  /** Reads nothing of what is answered; comes back once the server has all that was sent. */
  async function openUnread(text: string) {
    const { socket } = await open(target);
    socket.pause();
    socket.write(text);
    await settled(target);
    return socket;
  }

  it('are closed where all others are busy, whom they do not disturb', async () => {
    const waiting: (() => void)[] = [];
    await start({ maxConnections: 3, ready: () => new Promise((resolve) => waiting.push(resolve)) });
    const readiness = 'GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n';
    const busy = [await open(target, readiness), await open(target, readiness), await open(target, readiness)];
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    const refused = await open(target, live);
    expect(await refused.closed).toBe('');
    for (const done of waiting) done();
    for (const { socket } of busy) await once(socket, 'data');
    await settled(target);
  });

  it('count no more once they are closed, whatever was asked on them', async () => {
    let asked = 0;
    await start({ maxConnections: 2, ready: () => new Promise(() => (asked += 1)) });
    for (let count = 1; count <= 4; count += 1) {
      const { socket } = await open(target, 'GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n');
      await vi.waitFor(() => expect(asked).toBe(count));
      socket.destroy();
      await vi.waitFor(() => expect(target.entries).toHaveLength(count));
    }
    await settled(target);
  });

  async function settledAs(socket: Awaited<ReturnType<typeof open>>['socket']): Promise<void> {
    const answered = once(socket, 'data');
    socket.write(live);
    await answered;
  }
});

describe('a server that stops', () => {
  it('does not wait for a connection on which nothing was asked', async () => {
    await start({});
    const silent = await open(target);
    await settled(target);
    await target.server.stop();
    expect(await silent.closed).toBe('');
  });

  it('cuts what is not done in time', async () => {
    await start({ timeouts: { drain: 100 } });
    const slow = await open(target, `${loginHead}{`);
    await settled(target);
    await target.server.stop();
    expect(await slow.closed).toBe('');
  });
});

describe('a server that retires', () => {
  const readiness = 'GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n';

  it('fails readiness, and takes leave with every answer that it still gives', async () => {
    await start({ timeouts: { quiet: 60_000, retire: 60_000 } });
    const kept = await open(target, live);
    await once(kept.socket, 'data');
    void target.server.retire();
    const ready = await (await open(target, readiness)).closed;
    expect(ready).toMatch(/^HTTP\/1\.1 503 [^]*\r\nConnection: close\r\n/);
    const fresh = await (await open(target, live)).closed;
    expect(fresh).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: close\r\n/);
    kept.socket.write(live);
    expect(await kept.closed).toMatch(/keep-alive[^]*HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: close\r\n/);
  });

  it('waits for requests to cease, of which health checks are none', async () => {
    await start({ timeouts: { quiet: 1_000, retire: 60_000 } });
    let isOver = false;
    const retired = target.server.retire().then(() => (isOver = true));
    for (let count = 0; count < 150; count += 1) {
      await (
        await open(target, 'GET /posts HTTP/1.1\r\nHost: a\r\n\r\n')
      ).closed;
      expect(isOver).toBe(false);
      await delay(10);
    }
    // One may come just as the port closes.
    const checks = setInterval(() => void open(target, readiness).catch(() => {}), 100);
    await retired;
    clearInterval(checks);
  }, 60_000);

  it('waits no longer than it may, however many requests come', async () => {
    await start({ timeouts: { quiet: 60_000, retire: 100 } });
    await expect(target.server.retire()).resolves.toBeUndefined();
  });
});
