import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * A client that keeps one connection and measures each answer on it, from sending the request until the answer is
 * complete. It uses a bare socket, because the work of an HTTP client would be noise.
 */
export async function openTimedClient(url) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  await once(socket, 'connect');
  let received = Buffer.alloc(0);
  let pending;
  socket.on('data', (chunk) => {
    const at = performance.now();
    received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
    const status = statusOf(received);
    if (status === undefined) return;
    received = Buffer.alloc(0);
    pending.resolve({ status, ms: at - pending.sentAt });
  });
  socket.on('close', () => pending?.reject(new Error('The server closed the connection')));
  return {
    /** @param {Buffer} request the bytes of a request, made in advance by `bytesOf` */
    send: (request) =>
      new Promise((resolve, reject) => {
        pending = { resolve, reject, sentAt: performance.now() };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** The bytes of a request. */
export function bytesOf(methodAndPath, { json, token } = {}) {
  const body = json === undefined ? '' : JSON.stringify(json);
  const lines = [
    `${methodAndPath} HTTP/1.1`,
    'Host: localhost',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(json === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** The status of a complete answer. */
function statusOf(received) {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return received.length < end + 4 + length ? undefined : Number(head.slice(9, 12));
}
