import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { createKoa, type HttpOptions } from './app.ts';
import { type HttpErrorCode, problemMediaType, problemTypes, toProblem } from './problems.ts';

/** An HTTP server that can be started once and stopped in order. */
export interface HttpServer {
  /** Starts to listen; port 0 takes a free one. Rejects when the port cannot be had. */
  listen(port: number, host: string): Promise<{ readonly port: number }>;

  /** Fails readiness, accepts no more, answers what is in flight, and resolves once the last socket is closed. */
  stop(): Promise<void>;
}

/** Milliseconds in which a request's header, and then its body, must have come. */
const headersTimeout = 10_000;
const requestTimeout = 30_000;

/** Milliseconds that requests in flight may take once the server stops. */
const drainTimeout = 10_000;

/** The API on Node's HTTP server. */
export function createHttpServer(options: HttpOptions): HttpServer {
  let draining = false;
  const koa = createKoa(options, () => draining);
  const handle = koa.callback();
  const server = createServer(
    { headersTimeout, requestTimeout },
    (request, response) => void handle(request, response),
  );
  server.on('clientError', refuseUnreadable);

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      }),
    async stop() {
      draining = true;
      await close(server);
    },
  };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const late = setTimeout(() => server.closeAllConnections(), drainTimeout);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearTimeout(late);
}

const unreadable: Readonly<Record<string, readonly [HttpErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request took too long'],
};

/** Answers what Node's parser could not read, where an answer can still be sent, and hangs up. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || socket.bytesWritten > 0 || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [code, detail] = unreadable[error.code ?? ''] ?? ['malformed_request', 'The request is malformed'];
  const { status } = problemTypes[code];
  const body = JSON.stringify(toProblem(code, detail, randomUUID()));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
