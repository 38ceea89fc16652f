import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { StoppingRequest } from './stopping-request.ts';
import type { Timeouts } from './timeouts.ts';

/** A certificate with its intermediate certificates, and its private key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A server of Node, and how it changes its certificate. */
export interface NodeServer {
  readonly server: Server;
  readonly useCertificate: (certificate: Certificate) => void;
}

/** A server for HTTPS, or without a certificate for HTTP, with these limits. It has no listener for requests yet. */
export function createNodeServer(certificate: Certificate | undefined, timeouts: Timeouts): NodeServer {
  const limits: ServerOptions = {
    IncomingMessage: StoppingRequest,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    connectionsCheckingInterval: timeouts.checkInterval,
    // Node would answer with nothing but a status.
    requireHostHeader: false,
  };
  const { server, useCertificate } = certificate
    ? tlsServer(certificate, limits, timeouts)
    : { server: createServer(limits), useCertificate: refuseCertificate };
  server.timeout = timeouts.stalled;
  // Node would answer the requests that expect more than `100-continue`, and would ask some of them for their bodies
  // before. They are handled like any other.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('checkContinue', (request, response) => {
    if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
    server.emit('request', request, response);
  });
  return { server, useCertificate };
}

function refuseCertificate(): never {
  throw new Error('This server speaks no TLS');
}

function tlsServer(certificate: Certificate, limits: ServerOptions, { headers }: Timeouts): NodeServer {
  const server = createTlsServer({ ...limits, ...certificate, handshakeTimeout: headers });
  // A client could otherwise make the server repeat the expensive part of a handshake (CVE-2011-1473).
  server.on('secureConnection', (socket) => socket.disableRenegotiation());
  return { server, useCertificate: ({ cert, key }) => server.setSecureContext({ cert, key }) };
}
