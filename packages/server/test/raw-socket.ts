import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'vitest';

/** An answer as it came off the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What followed the header: further answers too. */
  readonly body: string;
  /** All of it, as Latin-1. */
  readonly text: string;
}

/** A connection on which any bytes can be sent. */
export interface RawConnection {
  /** Sends bytes; text as Latin-1. */
  write(chunk: string | Uint8Array): void;
  /** Says that nothing more will come. */
  end(): void;
  /** Breaks the connection off. */
  reset(): void;
  /** Resolves once bytes can be sent. */
  readonly connected: Promise<unknown>;
  /**
   * Whether the server closed the connection while this still wrote. The answer may be lost then, because the system
   * reports the failed write first (RFC 9112, section 9.6).
   */
  readonly isCutOff: () => boolean;
  /** Calls back with each piece of the responses as it comes. */
  onData(listener: (text: string) => void): void;
  /** Resolves as the first bytes of an answer come. */
  readonly answered: Promise<unknown>;
  /** All that was answered, once the server has hung up. */
  readonly closed: Promise<RawAnswer>;
}

/** Connects for what a client library would refuse to send. */
export function connectRaw(url: string): RawConnection {
  const { hostname, port, protocol } = new URL(url);
  const connection = connect(Number(port), hostname);
  const isSecure = protocol === 'https:';
  const socket = isSecure ? connectTls({ socket: connection, rejectUnauthorized: false }) : connection;
  // A server that refuses early may reset the line while this still writes.
  let cutOff = false;
  socket.on('error', ({ syscall }: NodeJS.ErrnoException) => (cutOff ||= syscall === 'write'));
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  return {
    write: (chunk) => void socket.write(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk),
    end: () => void socket.end(),
    reset: () => void connection.resetAndDestroy(),
    connected: new Promise((resolve) => socket.once(isSecure ? 'secureConnect' : 'connect', resolve)),
    isCutOff: () => cutOff,
    onData: (listener) => void socket.on('data', (chunk) => listener(String(chunk))),
    answered: new Promise((resolve) => socket.once('data', resolve)),
    closed: new Promise((resolve) =>
      socket.once('close', () => resolve(parse(Buffer.concat(received).toString('latin1')))),
    ),
  };
}

/** Sends these bytes and reads until the server hangs up: bytes that it accepts must ask for `Connection: close`. */
export function sendRaw(url: string, ...chunks: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const { write, closed } = connectRaw(url);
  for (const chunk of chunks) write(chunk);
  return closed;
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n'), text };
}

/** Sends one request, its header ended by a blank line. */
export function sendRequest(
  { url }: { readonly url: string },
  requestLine: string,
  headers: readonly string[] = [],
  ...body: readonly (string | Uint8Array)[]
): Promise<RawAnswer> {
  return sendRaw(url, [requestLine, 'Host: a', 'Connection: close', ...headers, '', ''].join('\r\n'), ...body);
}

/** The status of a refusal, which is a problem, bears the id of its request twice, and has hung up. */
export function refusal({ status, headers, body }: RawAnswer): number {
  expect(headers.get('Content-Type'), body).toBe('application/problem+json');
  expect(headers.get('Connection')).toBe('close');
  const problem = JSON.parse(body);
  expect(problem).toMatchObject({ status, type: expect.stringMatching(/^urn:sallyport:problem:\w+$/) });
  expect(problem.instance).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('X-Request-Id')).toBe(problem.instance);
  return status;
}

/** Whatever was sent, the server serves on. */
export async function expectAlive({ url }: { readonly url: string }): Promise<void> {
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
}
