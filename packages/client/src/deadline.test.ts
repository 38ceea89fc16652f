import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeApi, json } from '../test/fake-api.ts';
import { createClient } from './client.ts';

/** The URL of a server that accepts connections and never answers. */
async function silentServer(): Promise<string> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Collects garbage until the test has finished. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collecting = setInterval(runInNewContext('gc') as () => void, 20);
  onTestFinished(() => clearInterval(collecting));
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('the deadline of a call', () => {
  it('holds if the caller could cancel the call and garbage is collected meanwhile', async () => {
    const client = createClient({ baseUrl: await silentServer(), timeout: 300 });
    const { signal } = new AbortController();
    collectGarbage();
    await expect(client.listPosts({}, { signal })).rejects.toMatchObject({ detail: 'No answer within 300 ms' });
  }, 5_000);

  it('may be further away than a timer can wait', async () => {
    const { fetch } = fakeApi(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return json([]);
    });
    const client = createClient({ baseUrl: 'https://example.com', fetch, timeout: Infinity });
    expect(await client.listPosts()).toEqual([]);
  });

  it.each([
    ['an answer', async () => json([])],
    ['a failure', () => Promise.reject(new TypeError('fetch failed'))],
  ])('leaves neither a timer nor a listener behind after %s', async (_, fetch) => {
    const client = createClient({ baseUrl: 'https://example.com', fetch });
    const { signal } = new AbortController();
    const before = timers();
    await client.listPosts({}, { signal }).catch(() => {});
    expect([timers(), getEventListeners(signal, 'abort')]).toEqual([before, []]);
  });
});
