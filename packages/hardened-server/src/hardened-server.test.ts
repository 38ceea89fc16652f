import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { get, last, type Listening, listening, open, postHead, settled, statusesIn } from '../test/listening.ts';
import { createHardenedServer } from './index.ts';

let target: Listening;
beforeEach(async () => {
  target = await listening();
});
afterEach(() => target.server.stop());

const body = 'x'.repeat(99);

describe('a server', () => {
  it('says on which port it listens, and rejects a port that is taken', async () => {
    expect(target.port).toBeGreaterThan(0);
    const onError = vi.fn<(error: Error) => void>();
    const other = createHardenedServer({ handler() {}, onError });
    await expect(other.listen(target.port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(onError).not.toHaveBeenCalled();
    await other.stop();
  });

  it('keeps connections, and tells clients for how long', async () => {
    const { socket, closed, send } = await open(target, get('/'));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n/);
    await send(last('/'));
    expect(statusesIn(await closed)).toEqual(['200', '200']);
  });

  it('gives the handler the path of a target with scheme and host', async () => {
    const { closed } = await open(target, last('http://other.example/path?query'));
    expect(statusesIn(await closed)).toEqual(['200']);
    expect(target.handled.map(({ url }) => url)).toEqual(['/path?query']);
  });

  it('goes on when a connection cannot be accepted, and reports that', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    const servers = [await listening(), await listening({ onError: undefined })] as const;
    const nodes = listen.mock.contexts as Server[];
    listen.mockRestore();
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const error = new Error('accept EMFILE');
    for (const node of nodes) node.emit('error', error);
    expect([servers[0].errors, warn.mock.calls]).toEqual([[error], [[error]]]);
    warn.mockRestore();
    for (const one of servers) {
      await settled(one);
      await one.server.stop();
    }
  });

  it('leaves it to the handler what a request expects, and whether it must name a host', async () => {
    const { closed } = await open(target, `GET / HTTP/1.1\r\nExpect: foo\r\n\r\n${last('/')}`);
    expect(statusesIn(await closed)).toEqual(['200', '200']);
    expect(target.handled[0]?.headers).toEqual({ expect: 'foo' });
  });

  it('asks for a body if nothing else is expected', async () => {
    const head = (expected: string) => `POST / HTTP/1.1\r\nHost: a\r\nExpect: ${expected}\r\nContent-Length: 0\r\n\r\n`;
    const { closed } = await open(target, `${head('100-Continue')}${head('100-continue, foo')}`);
    // It cannot know whether a body follows the second one, so that is the last.
    expect(statusesIn(await closed)).toEqual(['100', '200', '200']);
  });

  it('answers a request for another protocol in HTTP/1.1, as the last one on its connection', async () => {
    const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n';
    const { closed } = await open(target, upgrade + get('/'));
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*ok$/);
    expect(target.handled).toHaveLength(1);
  });

  it('takes an option that is undefined for one that is not given', async () => {
    const names = ['maxConnections', 'isUrgent', 'kindOf', 'isHealthCheck', 'answerRefusal', 'onError'];
    const options = Object.fromEntries(names.map((name) => [name, undefined]));
    const plain = await listening({ ...options, timeouts: { idle: undefined } });
    const { closed } = await open(plain, `${get('/')}garbage\r\n\r\n`);
    expect(await closed).toMatch(/Keep-Alive: timeout=75\r\n[^]*\{"title":"Bad Request","status":400,"detail":[^]*\}$/);
    await plain.server.stop();
  });

  it('begins urgent requests before those that wait for a turn', async () => {
    const server = await listening({ isUrgent: ({ url }) => url === '/urgent' });
    const clients = await Promise.all(Array.from({ length: 20 }, () => open(server)));
    const urgent = await open(server);
    // The server has accepted all of them, and reads what they send in one turn.
    await settled(server);
    for (const { socket } of clients) socket.write(last('/'));
    urgent.socket.write(last('/urgent'));
    await Promise.all([...clients, urgent].map(({ closed }) => closed));
    const order = server.handled.map(({ url }) => url);
    expect(order).toHaveLength(22);
    expect(order.indexOf('/urgent')).toBeLessThan(21);
    await server.server.stop();
  });
});

describe('a server that retires', () => {
  it('is draining, and ends each connection with its next response', async () => {
    const patient = await listening({ timeouts: { quiet: 60_000, retire: 60_000 } });
    const kept = await open(patient, get('/'));
    await once(kept.socket, 'data');
    const held = await open(patient, get('/held'));
    await vi.waitFor(() => expect(patient.handled).toHaveLength(2));
    expect(patient.server.isDraining).toBe(false);
    void patient.server.retire();
    expect(patient.server.isDraining).toBe(true);
    const late = await open(patient, get('/'));
    await kept.send(get('/'));
    patient.release();
    const endOf = /HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)*Connection: close\r\n(?:[^\r]+\r\n)*\r\nok$/;
    for (const { closed } of [kept, held, late]) expect(await closed).toMatch(endOf);
    await patient.server.stop();
  });

  it('waits until requests cease, except health checks', async () => {
    const isHealthCheck = ({ url }: IncomingMessage) => url === '/health';
    const quiet = await listening({ isHealthCheck, timeouts: { quiet: 500, retire: 60_000 } });
    let isOver = false;
    const retired = quiet.server.retire().then(() => (isOver = true));
    for (let count = 0; count < 100; count += 1) {
      await (
        await open(quiet, get('/'))
      ).closed;
      expect(isOver).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // One may come just as the server stops.
    const checks = setInterval(() => void open(quiet, get('/health')).catch(() => {}), 50);
    await retired;
    clearInterval(checks);
    await quiet.server.stop();
  });

  it('waits no longer than its limit, however many requests come', async () => {
    const busy = await listening({ timeouts: { quiet: 60_000, retire: 100 } });
    await expect(busy.server.retire()).resolves.toBeUndefined();
    await busy.server.stop();
  });
});

describe('a server that stops', () => {
  it('is draining, and accepts no more connections', async () => {
    await target.server.stop();
    expect(target.server.isDraining).toBe(true);
    await expect(open(target)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('closes idle connections, among them those without a request yet', async () => {
    const [silent, kept] = [await open(target), await open(target, get('/'))];
    await once(kept.socket, 'data');
    await settled(target);
    await target.server.stop();
    expect(await silent.closed).toBe('');
    expect(statusesIn(await kept.closed)).toEqual(['200']);
  });

  it('answers a request whose body is still arriving, with `Connection: close`', async () => {
    const { closed, send } = await open(target, postHead + body.slice(0, 10));
    await settled(target);
    const stopped = target.server.stop();
    await send(body.slice(10));
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close/);
    await stopped;
  });

  it('answers a request that is in progress, and none behind it', async () => {
    const { closed } = await open(target, get('/held').repeat(3));
    await settled(target);
    const stopped = target.server.stop();
    target.release();
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*\r\nok$/);
    await stopped;
    expect(target.handled.filter(({ url }) => url === '/held')).toHaveLength(1);
  });

  it('ends a connection whose response had begun before', async () => {
    let finish = () => {};
    const server = await listening({
      handler(_request, response) {
        response.write('o');
        finish = () => response.end('k');
      },
    });
    const { socket, closed } = await open(server, get('/'));
    await once(socket, 'data');
    const stopped = server.server.stop();
    finish();
    expect(await closed).toContain('Connection: keep-alive');
    await stopped;
  });

  it('closes the connections of requests that are not complete in time', async () => {
    const hasty = await listening({ timeouts: { drain: 100 } });
    const slow = await open(hasty, `${postHead}{`);
    await vi.waitFor(() => expect(hasty.handled).toHaveLength(1));
    await hasty.server.stop();
    expect(await slow.closed).toBe('');
  });

  it('may be stopped again, which waits for the same requests', async () => {
    await open(target, get('/held'));
    await settled(target);
    const unanswered = [target.server.stop(), target.server.stop()].map((stop) => stop.then(() => target.open.size));
    target.release();
    expect(await Promise.all(unanswered)).toEqual([0, 0]);
    await expect(target.server.stop()).resolves.toBeUndefined();
  });
});
