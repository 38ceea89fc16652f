import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

/** The other end of a connection. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

const known = new WeakMap<Socket, Peer>();

/**
 * The peer of a connection, as it was when it was first asked for: a socket does not tell once its client has
 * reset it. Undefined if that came first.
 */
export function peerOf(socket: Socket): Peer | undefined {
  const peer = known.get(socket) ?? readPeer(socket);
  if (peer) known.set(socket, peer);
  return peer;
}

function readPeer({ remoteAddress: address, remotePort: port }: Socket): Peer | undefined {
  return address === undefined || port === undefined ? undefined : { address, port };
}

/**
 * Destroys each connection that its client reset before its address could be read. What the client sent can
 * still be read, and would be served without an address to limit, to log and to audit.
 */
export function destroyWithoutPeer(server: Server): void {
  const destroy = (socket: Socket) => {
    if (!peerOf(socket)) socket.destroy();
  };
  server.on('connection', destroy);
  server.on('secureConnection', destroy);
}

/** Hands on the requests of connections whose peer is known, and destroys the others. */
export function requirePeer(handle: RequestListener): RequestListener {
  return (request, response) => {
    if (peerOf(request.socket)) handle(request, response);
    else request.socket.destroy();
  };
}
