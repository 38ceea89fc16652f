import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limitConnections } from './connections.ts';
import { type Certificate, createNodeServer } from './node-server.ts';
import { originForm } from './origin-form.ts';
import { destroyWithoutPeer } from './peer.ts';
import { inOrder } from './pipelining.ts';
import { untilQuiet } from './quiet.ts';
import { problemAnswer, type Refusal, type RefusalAnswer } from './refusal.ts';
import { type TimeoutOptions, timeoutsWith } from './timeouts.ts';
import { inTurns } from './turns.ts';
import { answerUnreadable } from './unreadable.ts';
import { endAtUpgrades } from './upgrades.ts';

/** Handles a request: an Express app, the callback of a Koa app, or any other request listener of Node. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The options of a server. One that is `undefined` has its default. */
export interface HardenedServerOptions {
  /**
   * Handles each request. `request.socket.remoteAddress` is always known, and `request.url` is a path with its query,
   * without the scheme and host that some clients send. It answers its own errors: what it throws is an uncaught
   * exception, as with any server of Node.
   */
  readonly handler: Handler;
  /** The certificate for HTTPS. Without one, the server speaks HTTP. */
  readonly certificate?: Certificate | undefined;
  /** Timeouts that replace the defaults. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Maximum number of open connections; 2,048 by default. Beyond it, a new one replaces the one idle for longest. */
  readonly maxConnections?: number | undefined;
  /**
   * Whether a request is urgent; none is by default. In each turn, one urgent request begins before the others. So
   * urgent requests wait for each other alone. Choose only requests that cost next to nothing, such as a liveness check.
   */
  readonly isUrgent?: ((request: IncomingMessage) => boolean) | undefined;
  /**
   * The kind of a request; all are of one kind by default. The kinds that wait take turns, so a burst of one kind leaves
   * the others their share. The client's address as the kind gives each client its share.
   */
  readonly kindOf?: ((request: IncomingMessage) => string) | undefined;
  /**
   * How many waiting requests of a kind begin in a turn; one by default. More is faster for requests that cost little
   * until they first wait, for they share turns of the event loop. All others wait for as many of them.
   */
  readonly perTurn?: ((kind: string) => number) | undefined;
  /** Whether a request is a load balancer's health check. `retire` does not wait for these to stop. */
  readonly isHealthCheck?: ((request: IncomingMessage) => boolean) | undefined;
  /**
   * Makes the answer to a request that the server refuses by itself, and may log it; `problemAnswer` by default. It is
   * called once for each refusal that is answered.
   */
  readonly answerRefusal?: ((refusal: Refusal) => RefusalAnswer) | undefined;
  /**
   * Called with errors that concern no request, such as a connection that could not be accepted because the process has
   * no file descriptor left. The server goes on. By default, each is a warning of the process.
   */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** An HTTP server that can be started once and stopped gracefully. */
export interface HardenedServer {
  /** Starts listening; port 0 picks a free one. Rejects if the port is not available. */
  listen(port: number, host: string): Promise<{ readonly port: number }>;

  /**
   * Uses this certificate for new connections. Open connections keep the old one.
   *
   * @throws Error when the certificate is invalid, and then keeps the previous one; or when the server speaks no TLS
   */
  useCertificate(certificate: Certificate): void;

  /** The number of open connections. */
  readonly openConnections: number;

  /** The number of new connections that were closed because the server was working for `maxConnections` others. */
  readonly refusedConnections: number;

  /** The number of connections that were closed to make room for a new one. */
  readonly replacedConnections: number;

  /** Whether `retire` or `stop` has been called. A readiness check must fail from then on. */
  readonly isDraining: boolean;

  /**
   * Sends `Connection: close` with every response, but still accepts connections, so that a load balancer has time to
   * notice. Resolves once no more requests arrive, health checks aside, or after some seconds.
   */
  retire(): Promise<void>;

  /**
   * Accepts no more connections, answers the requests in flight, and resolves once the last connection is closed: after
   * some seconds at most, because it then closes them.
   */
  stop(): Promise<void>;
}

/** An idle connection takes some 15 KB, and some 35 KB with TLS. */
const defaultMaxConnections = 2_048;

/** Connections that wait to be accepted, at most. The client of one that finds no room tries again after a second. */
const backlog = 4_096;

/**
 * Creates a server that survives hostile clients: slow, silent, greedy, malformed or broken off. It listens once
 * `listen` is called.
 *
 * @throws Error when the certificate is invalid
 */
export function createHardenedServer(options: HardenedServerOptions): HardenedServer {
  const { handler, isUrgent = () => false, kindOf = () => '', isHealthCheck = () => false } = options;
  const { perTurn = () => 1, maxConnections = defaultMaxConnections, answerRefusal = problemAnswer } = options;
  const { onError = (error) => process.emitWarning(error) } = options;
  const timeouts = timeoutsWith(options.timeouts);
  const { server, useCertificate } = createNodeServer(options.certificate, timeouts);
  let isDraining = false;

  // The order matters: each of these listens to the events of the server, and the last one runs the handler.
  destroyWithoutPeer(server);
  answerUnreadable(server, answerRefusal);
  const connections = limitConnections(server, maxConnections);
  server.on('request', (request, response) => {
    request.url = originForm(request.url ?? '');
    if (isDraining) response.shouldKeepAlive = false;
  });
  const begin = inTurns((request, response) => void handler(request, response), { isUrgent, kindOf, perTurn });
  server.on('request', inOrder(endAtUpgrades(begin)));

  function drain(): void {
    isDraining = true;
    for (const response of connections.responses()) {
      response.shouldKeepAlive = false;
      // A response that has begun does not say `Connection: close`.
      if (response.headersSent) response.once('close', closeIdle);
    }
  }

  function closeIdle(): void {
    if (!server.listening) server.closeIdleConnections();
  }

  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    const late = setTimeout(() => connections.closeAll(), timeouts.drain);
    const lastClosed = new Promise((resolve) => server.close(resolve));
    connections.closeUnused();
    await lastClosed;
    clearTimeout(late);
  }

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, backlog, () => {
          server.off('error', reject);
          server.on('error', onError);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      }),
    useCertificate,
    get openConnections() {
      return connections.count();
    },
    get refusedConnections() {
      return connections.refused();
    },
    get replacedConnections() {
      return connections.replaced();
    },
    get isDraining() {
      return isDraining;
    },
    async retire() {
      drain();
      await untilQuiet(server, timeouts, isHealthCheck);
    },
    async stop() {
      drain();
      if (server.listening) closed = close();
      await closed;
    },
  };
}
