import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The open connections of a server. */
export interface Connections {
  /** Closes those on which nothing has been asked yet, and which Node therefore takes for busy. */
  closeUnused(): void;
  closeAll(): void;
}

interface Connection {
  readonly peer: string;
  readonly socket: Socket;
  /** Where requests come out: the socket, or what TLS makes of it once hands are shaken. */
  reader?: Socket;
  /** In flight. */
  requests: number;
}

/**
 * Keeps count of connections. Beyond the limit, each new one takes the place of the one that has been
 * without a request for longest, so that whoever does nothing cannot keep out those who have something to
 * ask, health checks among them; where all are busy, the new one is closed.
 */
export function limitConnections(server: Server, limit: number): Connections {
  // By peer, since TLS does not say which socket it has wrapped.
  const open = new Map<string, Connection>();
  /** The longest idle first. */
  const idle = new Set<Connection>();

  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    if (open.size >= limit && !makeRoom()) {
      socket.destroy();
      return;
    }
    const connection: Connection = { peer, socket, requests: 0 };
    if (!('setSecureContext' in server)) connection.reader = socket;
    open.set(peer, connection);
    idle.add(connection);
    socket.once('close', () => forget(connection));
  });
  server.on('secureConnection', (socket: Socket) => {
    const connection = open.get(peerOf(socket));
    if (connection) connection.reader = socket;
  });
  server.on('request', ({ socket }, response) => {
    const connection = open.get(peerOf(socket));
    if (!connection) return;
    connection.requests += 1;
    idle.delete(connection);
    response.once('close', () => {
      connection.requests -= 1;
      if (connection.requests === 0 && !connection.socket.destroyed) idle.add(connection);
    });
  });

  function makeRoom(): boolean {
    const [longest] = idle;
    if (!longest) return false;
    forget(longest);
    longest.socket.destroy();
    return true;
  }

  function forget(connection: Connection): void {
    idle.delete(connection);
    if (open.get(connection.peer) === connection) open.delete(connection.peer);
  }

  return {
    closeUnused() {
      for (const { socket, reader, requests } of open.values()) {
        if (requests === 0 && !reader?.bytesRead) socket.destroy();
      }
    },
    closeAll() {
      for (const { socket } of open.values()) socket.destroy();
    },
  };
}

const peerOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
