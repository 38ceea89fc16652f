import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { BlockList, type Socket } from 'node:net';
import { clientAddress } from './client-address.ts';
import { type HttpErrorCode, problemMediaType, problemTypes, toProblem } from './problems.ts';
import type { HttpLog } from './request-log.ts';

type Refusal = readonly [code: HttpErrorCode, detail: string];

const malformed: Refusal = ['malformed_request', 'The request is malformed'];
const noTunnel: Refusal = ['not_implemented', 'The method is not known'];

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload_too_large', 'The chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request took too long'],
};

/** Answers what Node's parser could not read or hands on to nobody, where an answer can still be sent, and hangs up. */
export function answerUnreadable(server: Server, log: HttpLog): void {
  const latest = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }, response) => latest.set(socket, response));

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket);
    const inFlight = response?.writableFinished === false ? response : undefined;
    if (!socket.writable || error.code === 'ECONNRESET' || (inFlight && socket.bytesWritten > 0)) socket.destroy();
    else refuse(socket, refusals[error.code ?? ''] ?? malformed, inFlight);
  });
  server.on('connect', (_request, socket: Socket) => refuse(socket, noTunnel));

  /** A request whose header could be read is in the log already, under its own id. */
  function refuse(socket: Socket, [code, detail]: Refusal, inFlight?: ServerResponse): void {
    const requestId = String(inFlight?.getHeader('X-Request-Id') ?? randomUUID());
    const { status } = problemTypes[code];
    if (!inFlight) {
      const ip = clientAddress(socket.remoteAddress, undefined, new BlockList());
      log.request({ requestId, method: undefined, route: undefined, status, durationMs: 0, ip, userId: undefined });
    }
    hangUp(socket, status, requestId, JSON.stringify(toProblem(code, detail, requestId)));
  }
}

function hangUp(socket: Socket, status: number, requestId: string, body: string): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `X-Request-Id: ${requestId}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
