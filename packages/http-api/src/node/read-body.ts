import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { bodyIsGone, bodyTooLarge, unreadableBody } from '../body/body.ts';
import type { RequestBody } from '../messages.ts';

/**
 * The body of a request of Node, if it has one.
 *
 * @param parsed what a parser of the host has made of it, if one has read it
 */
export function bodyOf(request: IncomingMessage, parsed: unknown): RequestBody | undefined {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  if (encoding === undefined && Number.isNaN(Number(length ?? NaN))) return undefined;
  if (!request.readableDidRead && !request.readableEnded) return { read: (limit) => readBytes(request, limit) };
  if (parsed !== undefined) return { parsed };
  const wasEmpty = !request.readableDidRead;
  return { read: () => (wasEmpty ? Promise.resolve(new Uint8Array()) : Promise.reject(bodyIsGone())) };
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  try {
    return await getRawBody(request, { limit, length: request.headers['content-length'] ?? null });
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === 413) throw bodyTooLarge(limit);
    // The client has left, so it gets no answer, and this is no error of the server.
    if (status === 400 || request.destroyed) throw unreadableBody();
    throw error;
  } finally {
    // The rest of the body is discarded, so that the client can read the answer and reuse the connection.
    request.resume();
  }
}
