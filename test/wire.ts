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
  /**
   * How many round trips began: how often the client sent after an answer, over all connections together. What it sends
   * ahead of an answer takes no further trip.
   */
  readonly trips: number;
  /** From now on, new connections lead to the server at this URL, and the other ones break. */
  redirect(url: string): void;
}

/** The type and the length of the message BackendKeyData. The number of the process follows. */
const keyData = Buffer.from([0x4b, 0, 0, 0, 12]);

/** Tells the client another process number than the server's, as a pooler does. */
function disguise(data: Buffer): Buffer {
  const start = data.indexOf(keyData);
  if (start < 0) return data;
  const altered = Buffer.from(data);
  altered.writeInt32BE(-1, start + keyData.length);
  return altered;
}

/** Opens a proxy to the server at this URL. Disguised, it seems to be a pooler, but each connection has its session. */
export async function layWire(url: string, { disguised = false } = {}): Promise<Wire> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let silent = false;
  let trips = 0;
  let lastToSend: 'client' | 'server' = 'server';

  function carry(sender: typeof lastToSend, from: Socket, to: Socket, alter = (data: Buffer) => data): void {
    sockets.add(from);
    from.on('data', (data) => {
      if (sender === 'client' && lastToSend === 'server') trips += 1;
      lastToSend = sender;
      if (!silent) to.write(alter(data));
    });
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    carry('client', near, far);
    carry('server', far, near, disguised ? disguise : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: ownPort } = server.address() as AddressInfo;

  const own = new URL(url);
  own.host = `127.0.0.1:${ownPort}`;
  return {
    url: own.href,
    get trips() {
      return trips;
    },
    fallSilent: () => void (silent = true),
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
    redirect(next) {
      target = new URL(next);
      for (const socket of sockets) socket.destroy();
    },
    async mend() {
      silent = false;
      if (server.listening) return;
      server.listen(ownPort, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}
