import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { testApplication } from '@sallyport/adapters-memory/testing';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../src/http-server.ts';
import type { RequestEntry } from '../src/request-log.ts';

/** A server that listens, and what it told its log. */
export interface Listening {
  readonly server: HttpServer;
  readonly port: number;
  readonly entries: readonly RequestEntry[];
  readonly errors: readonly unknown[];
}

/** A server on an empty application. */
export async function listening(options: Partial<HttpServerOptions> = {}): Promise<Listening> {
  const entries: RequestEntry[] = [];
  const errors: unknown[] = [];
  const server = createHttpServer({
    application: testApplication().application,
    ready: async () => {},
    log: { request: (entry) => void entries.push(entry), error: (error) => void errors.push(error) },
    corsOrigins: [],
    trustedProxies: [],
    publicUrl: 'http://localhost',
    ...options,
  });
  return { server, ...(await server.listen(0, '127.0.0.1')), entries, errors };
}

/** A connection, and all that has come back once it is closed. */
export interface Open {
  readonly socket: Socket;
  readonly closed: Promise<string>;
}

/** Sends this on a connection, once it stands. */
export async function opened(socket: Socket, text = '', event = 'connect'): Promise<Open> {
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  // A server that hangs up may reset the line.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await once(socket, event);
  if (text !== '') await new Promise((resolve) => socket.write(text, resolve));
  return { socket, closed };
}

export const open = ({ port }: Listening, text = ''): Promise<Open> => opened(connect(port, '127.0.0.1'), text);

export const live = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';
export const lastly = 'GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** Has the server read what was sent before: it answers one connection after the other. */
export async function settled(target: Listening): Promise<void> {
  const { closed } = await open(target, lastly);
  if (!(await closed).startsWith('HTTP/1.1 200')) throw new Error('The server does not answer');
}
