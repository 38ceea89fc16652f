import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { receiveBody } from '../body/body.ts';
import { apiRequestOf } from './api-request.ts';

let server: Server;
let outcome: Promise<unknown>;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  outcome = new Promise((resolve) => {
    server.on('request', (request) => {
      const mounted = { path: '/', query: '', clientAddress: '127.0.0.1', requestId: 'r1' };
      // The request is never answered, so that only its client ends it.
      receiveBody(apiRequestOf(request, mounted), 'json', async (parse) => parse()).then(resolve, resolve);
    });
  });
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
