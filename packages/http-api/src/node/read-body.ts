import type { IncomingMessage } from 'node:http';
import { bodyIsGone, bodyTooLarge, unreadableBody } from '../body/body.ts';
import type { RequestBody, TakeBytes } from '../messages.ts';

/**
 * The body of a request of Node, if it has one.
 *
 * @param parsed what a parser of the host has made of it, if one has read it
 */
export function bodyOf(request: IncomingMessage, parsed: unknown): RequestBody | undefined {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  if (encoding === undefined && Number.isNaN(Number(length ?? NaN))) return undefined;
  if (!request.readableDidRead && !request.readableEnded) {
    return { read: (limit, take) => readBytes(request, limit, take) };
  }
  if (parsed !== undefined) return { parsed };
  const wasEmpty = !request.readableDidRead;
  return { read: () => (wasEmpty ? Promise.resolve(new Uint8Array()) : Promise.reject(bodyIsGone())) };
}

async function readBytes(request: IncomingMessage, limit: number, take: TakeBytes): Promise<Uint8Array> {
  try {
    if (Number(request.headers['content-length'] ?? 0) > limit) throw bodyTooLarge();
    return await collect(request, limit, take);
  } finally {
    // The rest of the body is discarded, so that the client can read the answer and reuse the connection.
    request.resume();
  }
}

/** Keeps what arrives until the end. It does not iterate over the request, because that would close the connection. */
function collect(request: IncomingMessage, limit: number, take: TakeBytes): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const listeners: Readonly<Record<string, (argument: unknown) => void>> = {
      data(argument) {
        const chunk = argument as Uint8Array;
        length += chunk.length;
        try {
          if (length > limit) throw bodyTooLarge();
          take(chunk.length);
          chunks.push(chunk);
        } catch (error) {
          fail(error);
        }
      },
      end() {
        stop();
        resolve(Buffer.concat(chunks));
      },
      // The client has left, so it gets no answer, and this is no error of the server.
      aborted: () => fail(unreadableBody()),
      close: () => fail(unreadableBody()),
      error: (error) => fail(request.destroyed ? unreadableBody() : error),
    };
    function stop(): void {
      for (const [event, listener] of Object.entries(listeners)) request.off(event, listener);
    }
    function fail(error: unknown): void {
      stop();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors
      reject(error);
    }
    if (request.destroyed) fail(unreadableBody());
    else for (const [event, listener] of Object.entries(listeners)) request.on(event, listener);
  });
}
