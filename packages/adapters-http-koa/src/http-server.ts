import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKoa, type HttpOptions } from './app.ts';
import { answerUnreadable } from './unreadable.ts';

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
  const callback = koa.callback();
  const handle: RequestListener = (request, response) => void callback(request, response);
  // What Node would answer by itself, with nothing but a status, is left to the middleware.
  const server = createServer({ headersTimeout, requestTimeout, requireHostHeader: false }, handle);
  server.on('checkExpectation', handle);
  answerUnreadable(server, options.log);

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
