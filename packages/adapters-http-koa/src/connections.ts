import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { peerOf } from './peer.ts';

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
  readonly requests: Map<IncomingMessage, ServerResponse>;
}

/**
 * Keeps count of connections. Beyond the limit, each new one takes the place of the one that has been
 * without a request for longest or, where there is none, of the one whose client has kept us waiting since
 * the longest ago, so that whoever does nothing cannot keep out those who have something to ask, health
 * checks among them. Where we are at work for all of them, the new one is closed.
 */
export function limitConnections(server: Server, limit: number): Connections {
  // By peer, since TLS does not say which socket it has wrapped.
  const open = new Map<string, Connection>();
  /** The longest idle first. */
  const idle = new Set<Connection>();
  /** Those with a request, by when the last one came. */
  const asking = new Set<Connection>();

  server.on('connection', (socket: Socket) => {
    const peer = keyOf(socket);
    if (peer === undefined) return;
    if (open.size >= limit && !makeRoom()) {
      socket.destroy();
      return;
    }
    const connection: Connection = { peer, socket, requests: new Map() };
    if (!('setSecureContext' in server)) connection.reader = socket;
    open.set(peer, connection);
    idle.add(connection);
    socket.once('close', () => forget(connection));
  });
  server.on('secureConnection', (socket: Socket) => {
    const connection = connectionOf(socket);
    if (connection) connection.reader = socket;
  });
  server.on('request', (request, response) => {
    if (request.socket.destroyed) return;
    const connection = connectionOf(request.socket);
    if (!connection) return;
    connection.requests.set(request, response);
    idle.delete(connection);
    asking.delete(connection);
    asking.add(connection);
    response.once('close', () => {
      connection.requests.delete(request);
      if (connection.requests.size > 0) return;
      asking.delete(connection);
      if (!connection.socket.destroyed) idle.add(connection);
    });
  });

  function connectionOf(socket: Socket): Connection | undefined {
    return open.get(keyOf(socket) ?? '');
  }

  function makeRoom(): boolean {
    const [longest = [...asking].find(waitsForClient)] = idle;
    if (!longest) return false;
    forget(longest);
    longest.socket.destroy();
    return true;
  }

  function forget(connection: Connection): void {
    idle.delete(connection);
    asking.delete(connection);
    if (open.get(connection.peer) === connection) open.delete(connection.peer);
  }

  return {
    closeUnused() {
      for (const { socket, reader, requests } of open.values()) {
        if (requests.size === 0 && !reader?.bytesRead) socket.destroy();
      }
    },
    closeAll() {
      for (const { socket } of open.values()) socket.destroy();
    },
  };
}

/**
 * Whether the client holds up the first request: it has not sent the rest of it, or does not read the response.
 * The others wait for the first.
 */
function waitsForClient({ requests }: Connection): boolean {
  const [first] = requests;
  if (!first) return false;
  const [request, response] = first;
  return !request.complete || response.writableEnded || response.writableNeedDrain;
}

/** A connection whose peer is not known has no key: it is being destroyed. */
function keyOf(socket: Socket): string | undefined {
  const peer = peerOf(socket);
  return peer && `${peer.address} ${peer.port}`;
}
