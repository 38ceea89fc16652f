import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestServer } from '../start-server.ts';

/** In a header a line feed ends a line, a folded line goes on, a name may end in spaces. */
function mend(text: string): string {
  const [head = '', ...rest] = text.split(/(?<=\r?\n)(?=\r?\n)/);
  const lines = head.replaceAll(/\r?\n/g, '\r\n').replaceAll(/\r\n[ \t]+/g, ' ');
  return [lines.replaceAll(/^([\w-]+)[ \t]+:/gm, '$1:'), ...rest].join('');
}

/** Puts before a server what no proxy should be: one that mends what is no HTTP, as some once did. */
export async function lenientFront(server: TestServer): Promise<TestServer> {
  const { hostname, port } = new URL(server.url);
  const sockets = new Set<Socket>();
  const front = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    far.pipe(near);
    near.on('data', (bytes) => far.write(mend(bytes.toString('latin1')), 'latin1'));
    near.on('end', () => far.end());
    // Who would wait for more is told that there is none.
    near.setTimeout(500, () => near.destroy());
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port: own } = front.address() as AddressInfo;
  return {
    ...server,
    url: `http://127.0.0.1:${own}`,
    async close() {
      front.close();
      // The server would wait for requests that were cut off halfway.
      for (const socket of sockets) socket.destroy();
      await server.close();
    },
  };
}
