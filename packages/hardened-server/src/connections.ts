import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endsOf } from './peer.ts';

/** The open connections of a server. */
export interface Connections {
  count(): number;
  /** How many new connections were closed because the server was working for all others. */
  refused(): number;
  /** How many connections were closed to make room for a new one. */
  replaced(): number;
  /** The responses that are not sent yet. */
  responses(): readonly ServerResponse[];
  /** Closes connections that have sent no request yet, which Node would count as busy. */
  closeUnused(): void;
  closeAll(): void;
}

interface Connection {
  readonly ends: string;
  readonly socket: Socket;
  /** The socket that requests come from: the connection's own, or the TLS socket after the handshake. */
  reader?: Socket;
  /** The requests in flight. */
  readonly requests: Map<IncomingMessage, ServerResponse>;
}

/**
 * Limits the number of connections. Beyond the limit, a new connection replaces the one that has been idle for longest.
 * If none is idle, it replaces the one whose client has kept the server waiting for longest. So a client that does
 * nothing cannot keep out clients with requests, health checks among them. If the server is working for every
 * connection, the new one is closed.
 */
export function limitConnections(server: Server, limit: number): Connections {
  // By their ends, since TLS does not say which socket it has wrapped.
  const open = new Map<string, Connection>();
  const byReader = new WeakMap<Socket, Connection>();
  /** Idle connections, the longest idle first. */
  const idle = new Set<Connection>();
  /** Connections with a request, in the order of their last request. */
  const asking = new Set<Connection>();
  let refused = 0;
  let replaced = 0;

  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    // Such a connection is being destroyed.
    if (ends === undefined) return;
    if (open.size >= limit && !makeRoom()) {
      refused += 1;
      socket.destroy();
      return;
    }
    const connection: Connection = { ends, socket, requests: new Map() };
    open.set(ends, connection);
    if (!('setSecureContext' in server)) read(connection, socket);
    idle.add(connection);
    socket.once('close', () => forget(connection));
  });
  server.on('secureConnection', (socket: Socket) => {
    const connection = open.get(endsOf(socket) ?? '');
    if (connection) read(connection, socket);
  });
  server.on('request', (request, response) => {
    const connection = byReader.get(request.socket);
    if (!connection || open.get(connection.ends) !== connection) return;
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

  function read(connection: Connection, socket: Socket): void {
    connection.reader = socket;
    byReader.set(socket, connection);
  }

  function makeRoom(): boolean {
    const [longest = [...asking].find(waitsForClient)] = idle;
    if (!longest) return false;
    replaced += 1;
    forget(longest);
    longest.socket.destroy();
    return true;
  }

  function forget(connection: Connection): void {
    idle.delete(connection);
    asking.delete(connection);
    if (open.get(connection.ends) === connection) open.delete(connection.ends);
  }

  return {
    count: () => open.size,
    refused: () => refused,
    replaced: () => replaced,
    responses: () => [...open.values()].flatMap(({ requests }) => [...requests.values()]),
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
 * Whether the client delays the first request: it has not sent all of it, or does not read the response. The other
 * requests wait for the first.
 */
function waitsForClient({ requests }: Connection): boolean {
  const [first] = requests;
  if (!first) return false;
  const [request, response] = first;
  return !request.complete || response.writableEnded || response.writableNeedDrain;
}
