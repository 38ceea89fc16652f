import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { sendRequest } from './raw-socket.ts';
import { ada, eachInADirectory, login, registerAndLogin } from './sallyport-process.ts';

const { serve } = eachInADirectory();

it('ten thousand connections that ask nothing keep no client out', async () => {
  const server = serve({ DATABASE_URL: 'memory:' });
  const url = await server.url;
  const token = await registerAndLogin(url);
  const sockets: Socket[] = [];

  /** A connection that says nothing, or not enough. */
  async function idle(text: string): Promise<void> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
  }
  const texts = ['', 'GET /posts HTTP/1.1\r\nHost: a\r\n', '\r\n', 'G'];
  for (let opened = 0; opened < 10_000; opened += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => idle(texts[n % texts.length]!)));
    if (opened % 1000 > 0) continue;
    const ask = (kind: string) => sendRequest({ url }, `GET /health/${kind} HTTP/1.1`);
    const health = await Promise.all(['live', 'ready'].map(ask));
    expect(health.map(({ status }) => status)).toEqual([200, 200]);
  }

  expect(sockets).toHaveLength(10_000);
  await vi.waitFor(
    () => expect(sockets.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(2_048),
    10_000,
  );
  const { status } = await fetch(`${url}/users/me`, { headers: { authorization: `Bearer ${token}` } });
  expect([status, await login(url, ada)]).toEqual([200, expect.any(String)]);
  for (const socket of sockets) socket.destroy();
  expect((await server.stop()).code).toBe(0);
});
