import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fatal, welcome } from '../test/wire-messages.ts';
import { fitting } from './fitting-pool.ts';

const full = fatal('53300', 'too many connections');

/** A server that has room for so many connections, and a pool of at most ten. */
async function limitedServer(room: number) {
  const server = { room, attempts: 0 };
  const admitted = new Set<Socket>();
  const listener = createServer((socket) => {
    server.attempts += 1;
    socket.on('error', () => {});
    socket.on('close', () => admitted.delete(socket));
    socket.once('data', () => {
      if (admitted.size < server.room) {
        admitted.add(socket);
        socket.write(welcome);
      } else socket.end(full);
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'a', max: 10, connectionTimeoutMillis: 30_000 });
  const fitted = fitting(pool, 30_000);
  onTestFinished(async () => {
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of admitted) socket.destroy();
    pool.on('error', () => {});
    void fitted.end();
    await closed;
  });
  /** What becomes of requests at once, each of which holds its connection for a turn. */
  const request = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        try {
          const client = await fitted.connect();
          setImmediate(() => client.release());
          return 'served';
        } catch (error) {
          return (error as { code?: unknown }).code;
        }
      }),
    );
  return { server, request, fitted };
}

describe('the pool of a server that allows no more connections', () => {
  it('attempts to connect at most once for each request, where it has no connection', async () => {
    const { server, request } = await limitedServer(0);
    expect(new Set(await request(40))).toEqual(new Set(['53300']));
    expect(server.attempts).toBeLessThanOrEqual(40);
  });

  it.each([1, 3, 9])(
    'serves all requests with the %i connections that it gets, and soon attempts no more',
    async (room) => {
      const { server, request } = await limitedServer(room);
      expect(new Set(await request(40))).toEqual(new Set(['served']));
      const { attempts } = server;
      expect(attempts).toBeLessThanOrEqual(20);
      expect(new Set(await request(200))).toEqual(new Set(['served']));
      expect(server.attempts).toBeLessThanOrEqual(attempts + 10);
    },
  );

  it('knows its connections and the requests that wait for one', async () => {
    const { fitted } = await limitedServer(2);
    expect(fitted.state()).toEqual({ open: 0, idle: 0, waiting: 0 });
    const [first, second] = [await fitted.connect(), await fitted.connect()];
    const refused = fitted.connect();
    await vi.waitFor(() => expect(fitted.state()).toEqual({ open: 2, idle: 0, waiting: 1 }));
    first.release();
    const third = await refused;
    third.release();
    second.release();
    expect(fitted.state()).toEqual({ open: 2, idle: 2, waiting: 0 });
  });

  it('grows by one connection after another once the server has room', async () => {
    const { server, request } = await limitedServer(0);
    expect(await request(1)).toEqual(['53300']);
    server.room = 10;
    // Until the pause after the refusal is over, nothing is attempted.
    await vi.waitFor(async () => expect(await request(1)).toEqual(['served']));
    // How fast it grows depends on how long connecting takes.
    for (let round = 0; round < 1_000 && server.attempts < 11; round += 1) {
      expect(new Set(await request(40))).toEqual(new Set(['served']));
    }
    await request(40);
    expect(server.attempts).toBe(11);
  });
});
