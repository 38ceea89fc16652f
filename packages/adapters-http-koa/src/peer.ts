import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

/** The other end of a connection. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

const known = new WeakMap<Socket, Peer>();

/**
 * The peer of a connection, remembered from the first call, because a socket no longer knows it once its client has
 * reset it. `undefined` if the reset came first.
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
 * Destroys each connection that its client reset before its address could be read. Requests on it could still be read,
 * and would be served without an address for limits, log and audit.
 */
export function destroyWithoutPeer(server: Server): void {
  const destroy = (socket: Socket) => {
    if (!peerOf(socket)) socket.destroy();
  };
  server.on('connection', destroy);
  server.on('secureConnection', destroy);
}

/** Passes on the requests of connections with a known peer, and destroys the other connections. */
export function requirePeer(handle: RequestListener): RequestListener {
  return (request, response) => {
    if (peerOf(request.socket)) handle(request, response);
    else request.socket.destroy();
  };
}
