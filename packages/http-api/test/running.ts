import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is sent as it stands, where `fetch` would tidy up. */
interface Unchanged {
  /** Names and values in turn. */
  readonly headers?: readonly string[] | undefined;
  readonly body?: string | undefined;
}

/** A host that runs. */
export interface Running {
  /** Its origin. */
  readonly url: string;
  /** Whether it listens there. If not, only `request` and `statusOf` reach it. */
  readonly listens: boolean;
  /** Sends a request as `fetch` does, to a target such as `/accounts/users?limit=1`. */
  request(target: string, init?: RequestInit): Promise<Response>;
  /** The status of a request such as `GET /users/../docs`, which is sent unchanged. */
  statusOf(methodAndTarget: string, unchanged?: Unchanged): Promise<number>;
  close(): Promise<unknown>;
}

/** The host that listens at a URL. */
export function running(url: string, close: Running['close']): Running {
  return {
    url,
    listens: true,
    request: (target, init) => fetch(url + target, { redirect: 'manual', ...init }),
    async statusOf(methodAndTarget, { headers = [], body } = {}) {
      const [method, path] = methodAndTarget.split(' ');
      const { hostname, port } = new URL(url);
      const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
      const sent = send({ hostname, port, method, path, headers: ['Host', hostname, ...length, ...headers] });
      const answered = once(sent, 'response');
      sent.end(body);
      const [response] = (await answered) as [IncomingMessage];
      response.resume();
      return response.statusCode ?? 0;
    },
    close,
  };
}

/** Listens on a port of its own. */
export async function listening(listener: RequestListener): Promise<Running> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return running(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, async () => {
    server.close();
    server.closeAllConnections();
  });
}
