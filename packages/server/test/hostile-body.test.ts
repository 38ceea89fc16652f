import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw, expectAlive, refusal, sendRequest } from './raw-socket.ts';
import { type Person, type TestServer, member, startServer } from './start-server.ts';

let server: TestServer;
let ada: Person;
beforeAll(async () => {
  server = await startServer('memory');
  ada = await member(server, 'Ada');
});
afterAll(() => server.close());
afterEach(() => expectAlive(server));

const credentials = JSON.stringify({ email: 'ada@example.com', password: 'secret123' });

/** Sends a login with these bytes as its body. */
const post = (headers: readonly string[], ...body: readonly (string | Uint8Array)[]) =>
  sendRequest(server, 'POST /auth/login HTTP/1.1', ['Content-Type: application/json', ...headers], ...body);

const postEncoded = (encoding: string, body: Uint8Array) =>
  post([`Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`], body);

function postForm(form: string) {
  const headers = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${form.length}`];
  return sendRequest(server, 'POST /auth/token HTTP/1.1', headers, form);
}

describe('a body', () => {
  it('that ends before its length is refused', async () => {
    const { write, end, closed } = connectRaw(server.url);
    write('POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{');
    end();
    expect(refusal(await closed)).toBe(400);
  });

  it('that says it is too large is refused before it comes', async () => {
    expect(refusal(await post(['Content-Length: 1048577'], '{'))).toBe(413);
  });

  it('in chunks is refused as soon as they pass the limit', async () => {
    const chunk = `10000\r\n${' '.repeat(0x1_00_00)}\r\n`;
    expect(refusal(await post(['Transfer-Encoding: chunked'], ...Array.from({ length: 17 }, () => chunk)))).toBe(413);
  });

  it('up to the limit is read', async () => {
    const padded = credentials.padEnd(1_048_576);
    expect((await post([`Content-Length: ${padded.length}`], padded)).status).toBe(200);
  });

  it.each(['['.repeat(1_000_000), '['.repeat(500_000) + ']'.repeat(500_000), '{"a":'.repeat(200_000)])(
    'of a megabyte of brackets is refused: %.3s…',
    async (body) => {
      expect(refusal(await post([`Content-Length: ${body.length}`], body))).toBe(400);
    },
  );

  it('is measured after inflating', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(refusal(await postEncoded('gzip', bomb))).toBe(413);
  });

  it.each([
    ['x=%ff', 400],
    ['x=%ed%a0%80', 400],
    ['%c3=x', 400],
    ['x=%C3%A9', 200],
    ['x=100%', 200],
    ['x=%zz', 200],
  ])('of a form is UTF-8 behind its percent signs: %s gets %i', async (field, status) => {
    expect((await postForm(`username=ada%40example.com&password=secret12%33&${field}`)).status).toBe(status);
  });

  it('of a form loses no field, however many precede it', async () => {
    expect((await postForm(`${'x&'.repeat(998)}username=ada@example.com&password=secret123`)).status).toBe(200);
    const { status, body } = await postForm(`${'x&'.repeat(999)}username=ada@example.com&password=secret123`);
    expect([status, body]).toEqual([400, expect.stringContaining('The body has too many values')]);
  });

  it('of a form may be as large as another, but not keep the parser busy with single signs', async () => {
    const ofSize = (size: number, filling: string) =>
      'username=ada@example.com&password=secret123&x='.padEnd(size, filling);
    const form = (headers: readonly string[], body: Uint8Array) =>
      sendRequest(
        server,
        'POST /auth/token HTTP/1.1',
        ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`, ...headers],
        body,
      );
    const gzip = ['Content-Encoding: gzip'];
    expect((await form([], Buffer.from(ofSize(1_000_000, 'x')))).status).toBe(200);
    expect((await form(gzip, gzipSync(ofSize(1_000_000, 'x')))).status).toBe(200);
    expect((await form(gzip, gzipSync(ofSize(1_048_577, 'x')))).status).toBe(413);
    for (const filling of ['+', '&', '&a=', '%', '%a%']) {
      const answer = await form(gzip, gzipSync(ofSize(1_000_000, filling)));
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('The body has too many values');
    }
  });

  it('in gzip that holds very many values is refused without parsing it', async () => {
    const many = `{"a":[${'{},'.repeat(340_000)}0]}`;
    const answer = await postEncoded('gzip', gzipSync(many));
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('The body has too many values');
  });

  it('is inflated from gzip', async () => {
    expect((await postEncoded('gzip', gzipSync(credentials))).status).toBe(200);
    expect((await postEncoded('GZIP', gzipSync(credentials))).status).toBe(200);
    expect((await postEncoded('identity', Buffer.from(credentials))).status).toBe(200);
  });

  it.each([
    ['garbage', Buffer.from('garbage')],
    ['cut', gzipSync(credentials).subarray(0, 20)],
    ['bent', gzipSync(credentials).fill(0, 12, 16)],
    ['empty', Buffer.alloc(0)],
  ])('in gzip that is %s is refused', async (_, bytes) => {
    expect(refusal(await postEncoded('gzip', bytes))).toBe(400);
  });

  it.each([
    ['deflate', deflateSync(credentials)],
    ['br', brotliCompressSync(credentials)],
    ['br', Buffer.from('garbage')],
    ['zstd', Buffer.from(credentials)],
    ['gzip, gzip', gzipSync(gzipSync(credentials))],
    ['utf-8', Buffer.from(credentials)],
    ['__proto__', Buffer.from(credentials)],
  ])('encoded as %s is refused', async (encoding, bytes) => {
    expect(refusal(await postEncoded(encoding, bytes))).toBe(415);
  });

  it('that is not there needs no encoding', async () => {
    expect(refusal(await post(['Content-Encoding: br']))).toBe(422);
  });

  it('that is refused leaves its connection to the next request', async () => {
    const { write, closed } = connectRaw(server.url);
    write(
      'POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    for (let megabytes = 0; megabytes < 3; megabytes += 1) write(`100000\r\n${' '.repeat(0x10_00_00)}\r\n`);
    write('0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const { status, body } = await closed;
    expect(status).toBe(413);
    expect(body).toContain('HTTP/1.1 200 OK');
  });

  it('may hold U+FFFD, and a byte order mark before it all', async () => {
    const odd = JSON.stringify({ email: 'ada@example.com', password: 'secret123\ufffd' });
    expect(refusal(await post([`Content-Length: ${Buffer.byteLength(odd)}`], Buffer.from(odd)))).toBe(401);
    const marked = Buffer.from(`\ufeff${credentials}`);
    expect((await post([`Content-Length: ${marked.length}`], marked)).status).toBe(200);
  });

  it('counts the last of two fields of one name', async () => {
    const twice = credentials.replace('{', '{"password":"wrong",');
    expect((await post([`Content-Length: ${twice.length}`], twice)).status).toBe(200);
    const wrong = credentials.replace('}', ',"password":"wrong"}');
    expect(refusal(await post([`Content-Length: ${wrong.length}`], wrong))).toBe(401);
  });

  it('may bring trailers, which say nothing', async () => {
    const answer = await sendRequest(
      server,
      'GET /users/me HTTP/1.1',
      ['Transfer-Encoding: chunked'],
      `0\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
    );
    expect(refusal(answer)).toBe(401);
  });
});
