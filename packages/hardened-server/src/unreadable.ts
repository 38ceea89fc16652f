import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Refusal, type RefusalAnswer, refusalFor, type RefusalReason } from './refusal.ts';

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/**
 * What the errors mean after which an answer can still be sent. Other ones are errors of the connection: it is broken, or
 * its TLS handshake failed.
 */
const reasons: Readonly<Record<string, RefusalReason>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'chunk_extensions_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
};

function reasonOf({ code = '' }: ParserError): RefusalReason | undefined {
  return reasons[code] ?? (code.startsWith('HPE_') ? 'malformed' : undefined);
}

/** Whether the unreadable request began with HEAD, as far as one read shows. */
const isHead = ({ rawPacket }: ParserError) => rawPacket?.toString('latin1', 0, 5) === 'HEAD ';

/** Milliseconds after which the connection of a client that does not hang up is abandoned. */
const linger = 1_000;

/**
 * Answers requests that Node's parser could not read, that took too long, or for which Node has no handler, if an
 * answer can still be sent, and closes the connection.
 */
export function answerUnreadable(server: Server, answerRefusal: (refusal: Refusal) => RefusalAnswer): void {
  const responses = new WeakMap<Socket, Set<ServerResponse>>();
  const refused = new WeakSet<Socket>();
  server.on('request', ({ socket }, response) => {
    const inFlight = responses.get(socket) ?? new Set();
    responses.set(socket, inFlight.add(response));
    response.once('close', () => inFlight.delete(response));
  });

  server.on('clientError', (error: ParserError, socket: Socket) => {
    // The parser reports every further read as an error. To close the connection now could cost the client the answer.
    if (refused.has(socket)) return;
    const reason = reasonOf(error);
    if (socket.writable && reason) void refuseInTurn(socket, reason, isHead(error));
    else socket.destroy();
  });
  server.on('connect', ({ socket }) => {
    // Node has let go of this socket. An error without a listener would end the process, and without this listener a
    // client that does not read earlier responses would never time out.
    socket.on('error', () => socket.destroy());
    socket.on('timeout', () => socket.destroy());
    void refuseInTurn(socket, 'tunnel', false);
  });

  /** Complete requests are answered first, because a client takes the first answer for that to its first request. */
  async function refuseInTurn(socket: Socket, reason: RefusalReason, head: boolean): Promise<void> {
    refused.add(socket);
    const inFlight = [...(responses.get(socket) ?? [])];
    const own = inFlight.find(({ req }) => !req.complete);
    const others = inFlight.filter((response) => response !== own);
    await Promise.all(others.map((response) => new Promise((resolve) => response.once('close', resolve))));
    if (!socket.writable || own?.headersSent) {
      socket.destroy();
      return;
    }
    const refusal = refusalFor(reason, { remoteAddress: socket.remoteAddress, response: own });
    hangUp(socket, refusal.status, answerRefusal(refusal), own ? own.req.method === 'HEAD' : head);
  }
}

/** An answer to HEAD states only the length of its body. A client would take the body for the next answer. */
function hangUp(socket: Socket, status: number, { headers, body }: RefusalAnswer, head: boolean): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
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
