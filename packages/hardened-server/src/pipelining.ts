import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The maximum number of waiting requests per connection. */
export const maxWaiting = 16;

/** The maximum memory of these in bytes: a few requests with large headers, or many usual ones. */
export const maxWaitingBytes = 64 * 1024;

/** The approximate overhead in V8 of a header's name or value, besides its characters. */
const bytesPerString = 64;

/** A waiting request. The part of its body that has arrived is kept in memory. */
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
 * Serves the requests of each connection one at a time, in order: each one begins after the response to the previous
 * one has been sent. Node passes on all requests that a client sends before it gets responses. Without a limit, a few
 * such connections exhaust the memory. A connection that sends too many is destroyed, with its waiting requests.
 */
export function inOrder(serve: RequestListener): RequestListener {
  const pipelines = new WeakMap<Socket, Pipeline>();

  function open(socket: Socket): Pipeline {
    const pipeline: Pipeline = { isServing: false, waiting: [] };
    pipelines.set(socket, pipeline);
    return pipeline;
  }

  function begin(pipeline: Pipeline, request: IncomingMessage, response: ServerResponse): void {
    pipeline.isServing = true;
    response.once('close', () => {
      pipeline.isServing = false;
      const next = pipeline.waiting.shift();
      // The response may have been the last on its connection (RFC 9112, section 9.6).
      if (next && request.socket.writable) begin(pipeline, next.request, next.response);
    });
    serve(request, response);
  }

  return (request, response) => {
    const { socket } = request;
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
