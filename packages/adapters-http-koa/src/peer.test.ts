import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { limitConnections } from './connections.ts';
import { destroyWithoutPeer, peerOf, requirePeer } from './peer.ts';

type Fake = Duplex & { remoteAddress?: string; remotePort?: number };

/** A socket as Node hands it over. */
const connection = (peer: { remoteAddress?: string; remotePort?: number } = {}): Fake & Socket =>
  Object.assign(new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() }), peer) as Fake & Socket;

const known = () => connection({ remoteAddress: '203.0.113.7', remotePort: 1234 });

describe('peerOf', () => {
  it('is the peer from when it was first asked for, although its client has reset the connection since', () => {
    const socket: Fake & Socket = known();
    const peer = { address: '203.0.113.7', port: 1234 };
    expect(peerOf(socket)).toEqual(peer);
    Object.assign(socket, { remoteAddress: undefined, remotePort: undefined });
    expect(peerOf(socket)).toEqual(peer);
  });

  it('is undefined where the connection was reset before', () => {
    expect(peerOf(connection())).toBeUndefined();
  });
});

describe('a connection without a peer', () => {
  it.each(['connection', 'secureConnection'])('is destroyed on %s, and no other one is', (event) => {
    const server = new EventEmitter() as Server;
    destroyWithoutPeer(server);
    const sockets = [connection(), known()];
    for (const socket of sockets) server.emit(event, socket);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  it('is destroyed before its request is handed on, and no other one is', () => {
    const served: unknown[] = [];
    const handle = requirePeer(({ socket }) => void served.push(socket));
    const [unknown, other] = [connection(), known()];
    for (const socket of [unknown, other]) handle({ socket } as unknown as IncomingMessage, {} as ServerResponse);
    expect(served).toEqual([other]);
    expect([unknown.destroyed, other.destroyed]).toEqual([true, false]);
  });

  it('takes no place of one whose peer is known', () => {
    const server = new EventEmitter() as Server;
    destroyWithoutPeer(server);
    limitConnections(server, 1);
    const first = known();
    const unknown = [connection(), connection()];
    for (const socket of [first, ...unknown]) server.emit('connection', socket);
    expect([first.destroyed, ...unknown.map(({ destroyed }) => destroyed)]).toEqual([false, true, true]);
  });
});
