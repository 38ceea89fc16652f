import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import Koa from 'koa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBody } from './body.ts';
import type { State } from './context.ts';

let server: Server;
let outcome: Promise<unknown>;
beforeEach(async () => {
  const koa = new Koa<State>();
  koa.silent = true;
  outcome = new Promise((resolve) => {
    koa.use(async (ctx) => {
      await readBody('json')(ctx, async () => resolve(await ctx.state.body?.())).catch(resolve);
      // The answer takes longer than anybody waits.
      await once(ctx.res, 'close');
    });
  });
  const callback = koa.callback();
  server = createServer((request, response) => void callback(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => server.close());

/** Sends a body of which so many more bytes are said to come. */
function begin(encoding: string, bytes: Uint8Array, missing = 1): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n');
  socket.write(`Content-Encoding: ${encoding}\r\nContent-Length: ${bytes.length + missing}\r\n\r\n`);
  socket.write(bytes);
  return socket;
}

it.each<[string, string, Uint8Array]>([
  ['identity', 'plain', Buffer.from('{"a":1}')],
  ['gzip', 'whole', gzipSync('{"a":1}')],
  ['gzip', 'cut', gzipSync('{"a":1}').subarray(0, 12)],
])('a body whose sender leaves before its end is given up: %s, %s', async (encoding, _, bytes) => {
  const socket = begin(encoding, bytes);
  await once(server, 'request');
  socket.destroy();
  expect(await outcome).toMatchObject({ code: 'malformed_request', message: 'The body cannot be read' });
});

it.each<[string, Uint8Array, unknown]>([
  ['a bomb', gzipSync(Buffer.alloc(10_000_000, ' ')), { code: 'payload_too_large' }],
  [
    'followed by something else',
    Buffer.concat([gzipSync('{"a":1}'), Buffer.from('more')]),
    { code: 'malformed_request' },
  ],
  ['followed by zeros', Buffer.concat([gzipSync('{"a":1}'), Buffer.alloc(4)]), { a: 1 }],
])('gzip that is %s is read or refused as a whole', async (_, bytes, expected) => {
  const socket = begin('gzip', bytes, 0);
  expect(await outcome).toMatchObject(expected as object);
  socket.destroy();
});
