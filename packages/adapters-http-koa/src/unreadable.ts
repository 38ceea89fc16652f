import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { BlockList, type Socket } from 'node:net';
import { clientAddress, type HttpErrorCode, problemMediaType, problemOf, problemTypes } from '@sallyport/http-api';
import { peerOf } from './peer.ts';
import type { HttpLog } from './request-log.ts';

type Refusal = readonly [code: HttpErrorCode, detail: string];

const malformed: Refusal = ['malformed_request', 'The request is malformed'];
const noTunnel: Refusal = ['not_implemented', 'The method is not known'];

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload_too_large', 'The chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request took too long'],
};

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/** Whether the unreadable request began with HEAD, as far as one read shows. */
const isHead = ({ rawPacket }: ParserError) => rawPacket?.toString('latin1', 0, 5) === 'HEAD ';

/** Milliseconds after which the connection of a client that does not hang up is abandoned. */
const linger = 1_000;

/**
 * Answers requests that Node's parser could not read or for which Node has no handler, if an answer can still be sent,
 * and closes the connection.
 */
export function answerUnreadable(server: Server, log: HttpLog): void {
  const responses = new WeakMap<Socket, Set<ServerResponse>>();
  const refused = new WeakSet<Socket>();
  server.on('request', ({ socket }, response) => {
    if (socket.destroyed) return;
    const inFlight = responses.get(socket) ?? new Set();
    responses.set(socket, inFlight.add(response));
    response.once('close', () => inFlight.delete(response));
  });

  server.on('clientError', (error: ParserError, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    // The parser reports every further read as an error.
    else if (!refused.has(socket)) void refuseInTurn(socket, refusals[error.code ?? ''] ?? malformed, isHead(error));
  });
  server.on('connect', (_request, socket: Socket) => {
    // Node has let go of this socket. An error without a listener would end the process, and without this listener a
    // client that does not read earlier responses would never time out.
    socket.on('error', () => socket.destroy());
    socket.on('timeout', () => socket.destroy());
    void refuseInTurn(socket, noTunnel, false);
  });

  /** Complete requests are answered first, because a client takes the first answer for that to its first request. */
  async function refuseInTurn(socket: Socket, refusal: Refusal, head: boolean): Promise<void> {
    refused.add(socket);
    const inFlight = [...(responses.get(socket) ?? [])];
    const own = inFlight.find(({ req }) => !req.complete);
    const others = inFlight.filter((response) => response !== own);
    await Promise.all(others.map((response) => new Promise((resolve) => response.once('close', resolve))));
    if (!socket.writable || own?.headersSent) socket.destroy();
    else refuse(socket, refusal, own?.req.method === 'HEAD' || (!own && head), own);
  }

  /** A request with a readable header is already in the log, under its own id, unless it was still waiting. */
  function refuse(socket: Socket, [code, detail]: Refusal, head: boolean, inFlight?: ServerResponse): void {
    const knownId = inFlight?.getHeader('X-Request-Id');
    const requestId = String(knownId ?? randomUUID());
    const { status } = problemTypes[code];
    if (knownId === undefined) {
      const ip = clientAddress(peerOf(socket)?.address, undefined, new BlockList());
      log.request({ requestId, method: undefined, route: undefined, status, durationMs: 0, ip, userId: undefined });
    }
    hangUp(socket, status, requestId, JSON.stringify(problemOf(problemTypes, code, detail, requestId)), head);
  }
}

/** An answer to HEAD states only the length of its body. A client would take the body for the next answer. */
function hangUp(socket: Socket, status: number, requestId: string, body: string, head: boolean): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `X-Request-Id: ${requestId}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      head ? '' : body,
    ].join('\r\n'),
  );
  const late = setTimeout(() => socket.destroy(), linger);
  socket.once('close', () => clearTimeout(late));
}
