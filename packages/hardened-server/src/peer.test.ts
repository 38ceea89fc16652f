import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { selfSigned } from '../../../test/certificates.ts';
import { freePort } from '../../../test/free-port.mjs';
import { get, listening, open, openTls } from '../test/listening.ts';
import { limitConnections } from './connections.ts';
import { destroyWithoutPeer, endsOf } from './peer.ts';

type Addresses = { remoteAddress?: string; remotePort?: number; localAddress?: string };

/** A socket as Node hands it over. */
const connection = (addresses: Addresses = {}): Socket =>
  Object.assign(new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() }), addresses) as unknown as Socket;

const known = () => connection({ remoteAddress: '203.0.113.7', remotePort: 1234, localAddress: '192.0.2.1' });

describe('a connection whose address is not known', () => {
  it.each(['connection', 'secureConnection'])('is destroyed on %s, and no other one is', (event) => {
    const server = new EventEmitter() as Server;
    destroyWithoutPeer(server);
    const sockets = [connection(), known()];
    for (const socket of sockets) server.emit(event, socket);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  it('takes no place of a known one', () => {
    const server = new EventEmitter() as Server;
    destroyWithoutPeer(server);
    limitConnections(server, 1);
    const first = known();
    const unknown = [connection(), connection()];
    for (const socket of [first, ...unknown]) server.emit('connection', socket);
    expect([first.destroyed, ...unknown.map(({ destroyed }) => destroyed)]).toEqual([false, true, true]);
  });
});

describe.each([
  ['HTTP', open],
  ['HTTPS', openTls],
])('the address of a client by %s', (protocol, connectTo) => {
  it('stays known after the client has reset the connection', async () => {
    const certificate = protocol === 'HTTPS' ? await selfSigned('localhost') : undefined;
    const target = await listening({ certificate });
    const { reset, closed } = await connectTo(target, get('/held'));
    await vi.waitFor(() => expect(target.handled).toHaveLength(1));
    reset();
    await closed;
    await vi.waitFor(() => expect(target.open.size).toBe(0));
    expect(target.handled[0]?.socket.destroyed).toBe(true);
    expect(target.handled[0]?.socket.remoteAddress).toBe('127.0.0.1');
    await target.server.stop();
  });
});

describe('endsOf', () => {
  it('is undefined before the address is known', () => {
    expect([endsOf(connection()), endsOf(known())]).toEqual([undefined, '203.0.113.7 1234 192.0.2.1']);
  });

  it('tells connections from one port of a client to two addresses of the server apart', async () => {
    const target = await listening({ maxConnections: 2 }, '0.0.0.0');
    const localPort = await freePort();
    const connectTo = async (host: string) => {
      const socket = connect({ port: target.port, host, localAddress: '127.0.0.1', localPort });
      await once(socket.on('error', () => {}).resume(), 'connect');
      return socket;
    };
    const [first, second] = [await connectTo('127.0.0.1'), await connectTo('127.0.0.2')];
    // A third connection replaces the one that has been idle for longest.
    const third = await open(target);
    await once(first, 'close');
    for (const socket of [second, third.socket]) {
      expect(socket.readyState).toBe('open');
      socket.destroy();
    }
    await target.server.stop();
  });
});
