import { posts } from '@sallyport/core/posts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectRaw, expectAlive, sendRaw, sendRequest } from './raw-socket.ts';
import { startSecureServer } from './secure-server.ts';
import { startServer, type TestServer } from './start-server.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const page = (n: number) => get(`/posts?limit=${n}`);
const pages = (count: number) => Array.from({ length: count }, (_, n) => page(n + 1)).join('');
const last = 'GET /posts HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const statusesIn = (text: string) => text.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];

describe.each([
  ['HTTP', () => startServer('memory')],
  ['HTTPS', () => startSecureServer()],
])('requests that a client sends ahead of their responses by %s', (_, start) => {
  let server: TestServer;
  /** Lists of posts that are being read, in all and at most at a time, and the limits that they were asked for. */
  let [running, most] = [0, 0];
  let asked: (number | undefined)[] = [];
  /** What such a list waits for. */
  let gate: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    server = await start();
    const { listPosts } = server.application.use(posts);
    const attempt = listPosts.attempt.bind(listPosts);
    listPosts.attempt = async (caller, inputOf) => {
      const input = await (inputOf as () => Promise<{ readonly limit?: number }>)();
      asked.push(input.limit);
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
      return attempt(caller, input);
    };
  });
  afterAll(() => server.close());
  beforeEach(() => {
    [running, most] = [0, 0];
    asked = [];
    gate = Promise.resolve();
  });

  it('are served one at a time, in order, up to 17', async () => {
    const { text } = await sendRaw(server.url, pages(16) + last);
    expect(statusesIn(text)).toEqual(Array.from({ length: 17 }, () => '200'));
    expect(asked).toEqual([...Array.from({ length: 16 }, (_, n) => n + 1), undefined]);
    expect(most).toBe(1);
  });

  it('are served in order, whatever they are', async () => {
    const login = JSON.stringify({ email: 'ada@example.com', password: 'secret123' });
    const post = `POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${login.length}\r\n`;
    const mixed = [
      `${post}\r\n${login}`,
      get('/health/live'),
      get('/posts').replace('GET', 'HEAD'),
      `${post}Expect: 100-continue\r\n\r\n${login}`,
      `${post}Expect: foo\r\n\r\n${login}`,
      get('/health/ready'),
      get('/nowhere'),
    ];
    const { text } = await sendRaw(server.url, mixed.join('') + last);
    expect(statusesIn(text)).toEqual(['401', '200', '200', '100', '401', '417', '200', '404', '200']);
  });

  it.each([
    ['in the same write', ''],
    ['later', 'later'],
  ])('destroy the connection when 17 wait, the last of which came %s', async (_when, later) => {
    let go = () => {};
    gate = new Promise<void>((done) => (go = done));
    const { write, closed } = connectRaw(server.url);
    write(later ? pages(17) : pages(18));
    await vi.waitFor(() => expect(running).toBe(1));
    if (later) write(page(18));
    expect((await closed).text).toBe('');
    go();
    await expectAliveAt(server);
    expect(asked).toEqual([1]);
  });

  it('are dropped when their client leaves', async () => {
    let go = () => {};
    gate = new Promise<void>((done) => (go = done));
    const { write, reset, closed } = connectRaw(server.url);
    write(pages(10));
    await vi.waitFor(() => expect(running).toBe(1));
    reset();
    await closed;
    await expectAliveAt(server);
    go();
    await expectAliveAt(server);
    expect(asked).toEqual([1]);
  });

  it('are answered before a tunnel is refused, each in its turn', async () => {
    const { text } = await sendRaw(server.url, `${pages(17)}CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(statusesIn(text)).toEqual([...Array.from({ length: 17 }, () => '200'), '501']);
    expect(most).toBe(1);
  });

  it('are answered before what cannot be read is refused, each in its turn', async () => {
    const { text } = await sendRaw(server.url, `${pages(17)}garbage\r\n\r\n`);
    expect(statusesIn(text)).toEqual([...Array.from({ length: 17 }, () => '200'), '400']);
    expect(most).toBe(1);
  });

  it('leave health and others to be served, however many come on however many connections', async () => {
    const connections = 20;
    let go = () => {};
    gate = new Promise<void>((done) => (go = done));
    const kept = connectRaw(server.url);
    let told = '';
    kept.onData((text) => (told += text));
    const storm = Array.from({ length: connections }, () => connectRaw(server.url));
    for (const { write } of storm) write(get('/posts').repeat(4_000));
    for (let count = 1; count <= 20; count += 1) {
      kept.write(get('/health/live'));
      await vi.waitFor(() => expect(statusesIn(told)).toHaveLength(count), { timeout: 30_000, interval: 2 });
    }
    await Promise.all(storm.map(({ closed }) => closed));
    expect(asked.length).toBeLessThanOrEqual(connections);
    expect(most).toBeLessThanOrEqual(connections);
    go();
    kept.write(last);
    expect(statusesIn((await kept.closed).text)).toEqual(Array.from({ length: 21 }, () => '200'));
  });

  async function expectAliveAt({ url }: TestServer): Promise<void> {
    if (url.startsWith('http:')) return expectAlive({ url });
    expect((await sendRequest({ url }, 'GET /health/ready HTTP/1.1')).status).toBe(200);
  }
});
