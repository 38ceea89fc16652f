import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectRaw, type RawConnection, sendRequest } from './raw-socket.ts';
import { member, type Person, startServer, type TestServer } from './start-server.ts';

let server: TestServer;
let ada: Person;
beforeAll(async () => {
  server = await startServer('memory', { environment: { TRUST_PROXY: '127.0.0.1' } });
  ada = await member(server, 'Ada');
});
afterAll(() => server.close());

const headOf = (client: number, length: number) => [
  `X-Forwarded-For: 203.0.113.${client}`,
  'Content-Type: application/json',
  `Content-Length: ${length}`,
];

/** A login of Ada with a body of so many bytes. */
function login(client: number, size: number, encode = (body: Buffer) => body) {
  const body = encode(Buffer.from(JSON.stringify({ email: ada.email, password: ada.password }).padEnd(size)));
  const encoding = body.length === size ? 'identity' : 'gzip';
  const headers = [...headOf(client, body.length), `Content-Encoding: ${encoding}`];
  return sendRequest(server, 'POST /auth/login HTTP/1.1', headers, body);
}

/** Begins bodies of a megabyte and does not end them. */
function begin(client: number, count: number): readonly RawConnection[] {
  const head = ['POST /auth/login HTTP/1.1', 'Host: a', ...headOf(client, 1_048_576), '', ''].join('\r\n');
  return Array.from({ length: count }, () => {
    const connection = connectRaw(server.url);
    connection.write(head);
    connection.write(Buffer.alloc(1_048_575, ' '));
    return connection;
  });
}

const large = 600_000;

/** Holds bodies of these clients until a large one of the given client is refused. */
async function useUp(holders: readonly number[], client: number): Promise<readonly RawConnection[]> {
  const held = holders.flatMap((holder) => begin(holder, 8));
  await vi.waitUntil(
    async () => {
      const { status } = await login(client, large);
      // The large one may have taken the place of one that was to be held.
      if (status !== 503) held.push(...begin(holders[held.length % holders.length] ?? client, 1));
      return status === 503;
    },
    { timeout: 20_000, interval: 200 },
  );
  return held;
}

async function letGo(held: readonly RawConnection[], client: number): Promise<void> {
  for (const { reset } of held) reset();
  await vi.waitUntil(async () => (await login(client, large)).status === 200, { timeout: 20_000 });
}

describe('bodies that do not end', () => {
  it('have further large ones of the same client refused for now, and small ones of all clients accepted', async () => {
    const held = await useUp([1], 1);
    const refused = await login(1, large);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '1']);
    expect(refused.body).toContain('urn:sallyport:problem:unavailable');
    expect((await login(1, large, (body) => gzipSync(body))).status).toBe(503);
    expect((await login(1, 16_000)).status).toBe(200);
    expect((await login(2, large)).status).toBe(200);
    await letGo(held, 1);
  });

  it('of many clients take 64 MiB at most, and leave room for small ones', async () => {
    const held = await useUp([11, 12, 13, 14, 15, 16, 17, 18, 19], 1);
    expect((await login(1, 16_000)).status).toBe(200);
    await letGo(held, 1);
  });
});
