import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Identifies a connection by its two ends, the same for a TLS socket and for the socket below it. `undefined` if the
 * client reset the connection before its address was read. Node remembers an address from the first time it is read.
 */
export function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string | undefined {
  if (remoteAddress === undefined || localAddress === undefined) return undefined;
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

/**
 * Destroys each connection that its client reset before its address could be read. Its requests could still be read,
 * and would be handled without an address. On all other connections, `request.socket.remoteAddress` stays known.
 */
export function destroyWithoutPeer(server: Server): void {
  const destroy = (socket: Socket) => {
    if (endsOf(socket) === undefined) socket.destroy();
  };
  server.on('connection', destroy);
  server.on('secureConnection', destroy);
}
