import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy to a server that can fail as a network or a machine does. */
export interface Wire {
  /** The server's URL through this proxy. */
  readonly url: string;
  /** From now on, drops everything that is sent, without an error: a black hole. */
  fallSilent(): void;
  /** Breaks every connection and refuses new ones, like a machine whose server has stopped. */
  stop(): Promise<void>;
  /** Transmits again from now on. */
  mend(): Promise<void>;
}

/** Opens a proxy to the server at this URL. */
export async function layWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let silent = false;

  function carry(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('data', (data) => silent || to.write(data));
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: ownPort } = server.address() as AddressInfo;

  const own = new URL(url);
  own.host = `127.0.0.1:${ownPort}`;
  return {
    url: own.href,
    fallSilent: () => void (silent = true),
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
    async mend() {
      silent = false;
      if (server.listening) return;
      server.listen(ownPort, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}
