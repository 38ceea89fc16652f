import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that may wait while another one of it is served. */
export const maxWaiting = 16;

/** Bytes of memory that these may take together: a few requests with large headers, or many usual ones. */
export const maxWaitingBytes = 64 * 1024;

/** What V8 takes for a name or value of a header beside its characters, roughly. */
const bytesPerString = 64;

/** A request that waits. What has come of its body is kept in memory until it is read. */
interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headerBytes: number;
}

interface Pipeline {
  isServing: boolean;
  waiting: Waiting[];
}

/**
 * Serves the requests of each connection one at a time, in order: the next one once the response to the one
 * before has been sent. Node hands over all requests that a client sends ahead of their responses, so without
 * a bound a few connections exhaust the memory. A connection that sends more than may wait is destroyed, and
 * so are the requests that wait on it.
 */
export function inOrder(serve: RequestListener): RequestListener {
  const pipelines = new WeakMap<Socket, Pipeline>();

  function open(socket: Socket): Pipeline {
    const pipeline: Pipeline = { isServing: false, waiting: [] };
    pipelines.set(socket, pipeline);
    socket.once('close', () => (pipeline.waiting = []));
    return pipeline;
  }

  function begin(pipeline: Pipeline, request: IncomingMessage, response: ServerResponse): void {
    pipeline.isServing = true;
    response.once('close', () => {
      pipeline.isServing = false;
      const next = pipeline.waiting.shift();
      // The response may have been the last one on its connection (RFC 9112, section 9.6).
      if (next && request.socket.writable) begin(pipeline, next.request, next.response);
    });
    serve(request, response);
  }

  return (request, response) => {
    const { socket } = request;
    // Node may still hand over what it had read when the socket was destroyed.
    if (socket.destroyed) return;
    const pipeline = pipelines.get(socket) ?? open(socket);
    if (!pipeline.isServing && socket.writable) {
      begin(pipeline, request, response);
      return;
    }
    pipeline.waiting.push({ request, response, headerBytes: headerBytesOf(request) });
    if (pipeline.waiting.length <= maxWaiting && bytesOf(pipeline.waiting) <= maxWaitingBytes) return;
    pipeline.waiting = [];
    socket.destroy();
  };
}

function bytesOf(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { request, headerBytes }) => sum + headerBytes + request.readableLength, 0);
}

function headerBytesOf({ url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + bytesPerString + text.length, url.length);
}
