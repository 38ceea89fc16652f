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

/** An HTTP server that can be started once and stopped in order. */
export interface HttpServer {
  /** Starts to listen; port 0 takes a free one. Rejects when the port cannot be had. */
  listen(port: number, host: string): Promise<{ readonly port: number }>;

  /**
   * Takes this certificate for connections that come from now on; those that are there go on.
   *
   * @throws Error when it is none, and then keeps the one before
   */
  useCertificate(certificate: Certificate): void;

  /**
   * Fails readiness and takes leave with every answer, but still accepts, so that a balancer has the time to
   * look elsewhere. Resolves once requests have ceased to come, health checks aside, or after some seconds.
   */
  retire(): Promise<void>;

  /** Fails readiness, accepts no more, answers what is in flight, and resolves once the last socket is closed. */
  stop(): Promise<void>;
}

/** A certificate, with those between it and its root, and its private key; both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What the server is given beside what the API is made of. */
export interface HttpServerOptions extends HttpOptions {
  /** To speak HTTPS with. */
  readonly certificate?: Certificate | undefined;
  /** Others than the usual ones. */
  readonly timeouts?: Options<Timeouts> | undefined;
  /** How many connections may be open at a time. */
  readonly maxConnections?: number | undefined;
}

/** Idle ones take some 15 KB each, and some 35 KB where they speak TLS. */
const defaultMaxConnections = 2_048;

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
  // What Node would answer by itself, with nothing but a status, is left to the middleware: a request like any other.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  destroyWithoutPeer(server);
  answerUnreadable(server, options.log);
  // An answer that had begun before the server was told to stop has not said that it is the last.
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
        server.listen(port, host, () => {
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
 * A target without its scheme and host, where it came with them (RFC 9112, section 3.2.2): they mean nothing here, and
 * Koa would hand them to a parser that Node is about to let throw.
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
  // Hands that could not be shaken cannot take an answer either.
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
