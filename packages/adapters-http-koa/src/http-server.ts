import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Options, withDefaults } from '@sallyport/core';
import { createKoa, type HttpOptions } from './app.ts';
import { limitConnections } from './connections.ts';
import { destroyWithoutPeer, requirePeer } from './peer.ts';
import { inOrder } from './pipelining.ts';
import { StoppingRequest } from './stopping-request.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';
import { asksForHealth, inTurns } from './turns.ts';
import { answerUnreadable } from './unreadable.ts';
import { endAtUpgrades } from './upgrades.ts';

/** An HTTP server that can be started once and stopped gracefully. */
export interface HttpServer {
  /** Starts listening; port 0 picks a free one. Rejects if the port is not available. */
  listen(port: number, host: string): Promise<{ readonly port: number }>;

  /**
   * Uses this certificate for new connections. Open connections keep the old one.
   *
   * @throws Error when the certificate is invalid, and then keeps the previous one
   */
  useCertificate(certificate: Certificate): void;

  /**
   * Fails readiness and sends `Connection: close` with every answer, but still accepts connections, so that a load
   * balancer has time to notice. Resolves once no more requests arrive, health checks aside, or after some seconds.
   */
  retire(): Promise<void>;

  /**
   * Fails readiness, accepts no more connections, answers the requests in flight, and resolves once the last socket is
   * closed.
   */
  stop(): Promise<void>;
}

/** A certificate with its intermediate certificates, and its private key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The options of the server, besides those of the API. */
export interface HttpServerOptions extends HttpOptions {
  /** The certificate for HTTPS. */
  readonly certificate?: Certificate | undefined;
  /** Timeouts that replace the defaults. */
  readonly timeouts?: Options<Timeouts> | undefined;
  /** Maximum number of open connections. */
  readonly maxConnections?: number | undefined;
}

/** An idle connection takes some 15 KB, and some 35 KB with TLS. */
const defaultMaxConnections = 2_048;

/** Connections that wait to be accepted, at most. The client of one that finds no room tries again after a second. */
const backlog = 4_096;

/** The API on Node's HTTP server. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const timeouts = withDefaults(defaultTimeouts, options.timeouts);
  let leaving = false;
  const koa = createKoa(options, () => leaving);
  const callback = koa.callback();
  const begin = inTurns((request, response) => void callback(request, response));
  const handle = requirePeer(
    inOrder(
      endAtUpgrades((request, response) => {
        request.url = originForm(request.url ?? '');
        begin(request, response);
      }),
    ),
  );
  const { server, useCertificate } = createNodeServer(options.certificate, timeouts, handle);
  // Node would answer these requests itself, with nothing but a status. The middleware handles them like any other
  // request.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  destroyWithoutPeer(server);
  answerUnreadable(server, options.log);
  // An answer that had begun before the stop does not carry `Connection: close`.
  server.on('request', ({ socket }, response) => {
    if (socket.destroyed) return;
    response.once('close', () => {
      if (leaving && !server.listening) server.closeIdleConnections();
    });
  });
  const connections = limitConnections(server, options.maxConnections ?? defaultMaxConnections);

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, backlog, () => {
          server.off('error', reject);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      }),
    useCertificate,
    async retire() {
      leaving = true;
      await untilQuiet(server, timeouts);
    },
    async stop() {
      leaving = true;
      if (!server.listening) return;
      const late = setTimeout(() => connections.closeAll(), timeouts.drain);
      const closed = new Promise((resolve) => server.close(resolve));
      connections.closeUnused();
      await closed;
      clearTimeout(late);
    },
  };
}

/**
 * The target without its scheme and host, if a client sent them (RFC 9112, section 3.2.2). They have no meaning here,
 * and Koa would pass them to a parser that Node is about to let throw.
 */
function originForm(target: string): string {
  const [, rest] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function createNodeServer(certificate: Certificate | undefined, timeouts: Timeouts, handle: RequestListener) {
  const limits = {
    IncomingMessage: StoppingRequest,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    connectionsCheckingInterval: timeouts.checkInterval,
    requireHostHeader: false,
  };
  if (!certificate) {
    const server = createServer(limits, handle);
    server.timeout = timeouts.stalled;
    const useCertificate = () => {
      throw new Error('This server speaks no TLS');
    };
    return { server, useCertificate };
  }
  const server = createTlsServer({ ...limits, ...certificate, handshakeTimeout: timeouts.headers }, handle);
  server.timeout = timeouts.stalled;
  // After a failed handshake nothing can be sent.
  server.prependListener('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
  return { server, useCertificate: (next: Certificate) => server.setSecureContext(next) };
}

function untilQuiet(server: Server, { quiet, retire }: Timeouts): Promise<void> {
  return new Promise((resolve) => {
    const silence = setTimeout(end, quiet);
    const late = setTimeout(end, retire);
    server.on('request', wait);

    function wait(request: IncomingMessage): void {
      if (!asksForHealth(request)) silence.refresh();
    }
    function end(): void {
      clearTimeout(silence);
      clearTimeout(late);
      server.off('request', wait);
      resolve();
    }
  });
}
