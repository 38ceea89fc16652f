import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import {
  createHardenedServer,
  type HardenedServer,
  type HardenedServerOptions,
  problemAnswer,
  type Refusal,
} from '../src/index.ts';

/** A server that listens, and what has happened on it. */
export interface Listening {
  readonly server: HardenedServer;
  readonly port: number;
  readonly isSecure: boolean;
  /** The requests that the handler was given. */
  readonly handled: readonly IncomingMessage[];
  /** The responses of the handler that are not closed yet. */
  readonly open: ReadonlySet<ServerResponse>;
  readonly refusals: readonly Refusal[];
  readonly errors: readonly Error[];
  /** Answers the requests for `/held`, from now on at once. */
  release(): void;
}

/** More than a client's and a server's buffers hold. */
const largeBody = Buffer.alloc(8 * 1024 * 1024, 'x');

/**
 * A server whose handler answers `GET /held` only after `release`, `GET /large` with 8 MiB, a POST once its body has
 * arrived, and everything else at once.
 */
export async function listening(options: Partial<HardenedServerOptions> = {}, host = '127.0.0.1'): Promise<Listening> {
  const handled: IncomingMessage[] = [];
  const open = new Set<ServerResponse>();
  const refusals: Refusal[] = [];
  const errors: Error[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const server = createHardenedServer({
    async handler(request, response) {
      handled.push(request);
      open.add(response);
      response.once('close', () => open.delete(response));
      if (request.url === '/held') await released;
      if (request.method === 'POST') await once(request.resume(), 'end').catch(() => {});
      response.end(request.url === '/large' ? largeBody : 'ok');
    },
    answerRefusal(refusal) {
      refusals.push(refusal);
      return problemAnswer(refusal);
    },
    onError: (error) => void errors.push(error),
    ...options,
  });
  const { port } = await server.listen(0, host);
  return { server, port, isSecure: options.certificate !== undefined, handled, open, refusals, errors, release };
}

/** A connection, and all that has come back once it is closed. */
export interface Open<Of extends Socket = Socket> {
  readonly socket: Of;
  readonly closed: Promise<string>;
  /** Sends this, and resolves once the kernel has it. */
  send(text: string): Promise<unknown>;
  /** Breaks the connection off, by RST. */
  reset(): void;
}

/** Opens a connection, and sends this once it stands. */
export async function open({ port }: Pick<Listening, 'port'>, text = ''): Promise<Open> {
  const socket = connect(port, '127.0.0.1');
  return opened(socket, socket, 'connect', text);
}

/** The same over TLS. */
export async function openTls(
  { port }: Pick<Listening, 'port'>,
  text = '',
  options: ConnectionOptions = {},
): Promise<Open<TLSSocket>> {
  const connection = connect(port, '127.0.0.1');
  const socket = connectTls({ socket: connection, rejectUnauthorized: false, ...options });
  return opened(socket, connection, 'secureConnect', text);
}

async function opened<Of extends Socket>(socket: Of, connection: Socket, event: string, text: string) {
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  // A server that hangs up may reset the connection.
  for (const one of [socket, connection]) one.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  const send = (chunk: string) => new Promise((resolve) => socket.write(chunk, resolve));
  await once(socket, event);
  if (text !== '') await send(text);
  return { socket, closed, send, reset: () => void connection.resetAndDestroy() };
}

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
export const last = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

/** The header of a request whose body has 99 bytes. */
export const postHead = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n';

/** The statuses of the responses in this text. */
export const statusesIn = (text: string): readonly string[] => text.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];

/** Resolves once the server has read what was sent before: it answers one connection after the other. */
export async function settled(target: Listening): Promise<void> {
  const { closed } = await (target.isSecure ? openTls : open)(target, last('/settled'));
  if (statusesIn(await closed)[0] !== '200') throw new Error('The server does not answer');
}
