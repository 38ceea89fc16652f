import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { connectRaw } from '../raw-socket.ts';
import type { Answer } from '../start-server.ts';
import type { Sent } from './shot.ts';

/** An answer with every byte of it. */
export interface Received extends Answer {
  /** Header and body as text. */
  readonly text: string;
}

/** Milliseconds after which an answer does not come any more. */
const patience = 10_000;

/** Sends requests that are HTTP, whatever stands in them, on connections that are used again. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  send({ method, target, headers, body }: Sent): Promise<Received> {
    const { hostname, port } = this.#url;
    const all = body ? [...headers, ['Content-Length', String(body.length)]] : headers;
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: hostname,
          port,
          method,
          path: target,
          headers: all.flat(),
          timeout: patience,
        },
        (response) => void receive(response).then(resolve, reject),
      );
      sent.on('timeout', () => sent.destroy(new Error('No answer came')));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function receive(response: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const lines = response.rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\n`)).join('');
  return toReceived(response.statusCode ?? 0, headersOf(response.rawHeaders), lines, bytes);
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '');
  return headers;
}

function toReceived(status: number, headers: Headers, lines: string, bytes: Buffer): Received {
  const text = bytes.toString();
  const isJson = /json/.test(headers.get('Content-Type') ?? '') && text !== '';
  return { status, headers, body: isJson ? JSON.parse(text) : text, text: lines + text };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** What came back on a connection, and whether some of it may be lost. */
interface Exchanged {
  /** Until the server hung up; `undefined` if it did not. */
  readonly text: string | undefined;
  readonly isCutOff: boolean;
}

/**
 * Sends bytes on a connection of their own and reads until the server hangs up. To part, by saying that no more will
 * come or by breaking off after so many turns, costs the answers that are still to come.
 */
export async function exchange(url: string, chunks: readonly string[], parting?: 'end' | number): Promise<Exchanged> {
  const connection = connectRaw(url);
  for (const [at, chunk] of chunks.entries()) {
    if (at > 0) await nextTurn();
    connection.write(chunk);
  }
  if (parting === 'end') connection.end();
  else if (parting !== undefined) {
    for (let turn = 0; turn < parting; turn += 1) await nextTurn();
    connection.reset();
  }
  const late = new AbortController();
  const text = await Promise.race([
    connection.closed.then((answer) => answer.text),
    delay(patience, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
  return { text, isCutOff: connection.isCutOff() || typeof parting === 'number' };
}

/**
 * The answers that stand in these bytes one after the other.
 *
 * @throws Error where they are not HTTP
 */
export function answersIn(text: string): readonly Received[] {
  const answers: Received[] = [];
  let rest = text;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) [\w '-]+$/.exec(statusLine)?.[1]);
    if (end === -1 || !status) throw new Error(`No HTTP: ${JSON.stringify(rest.slice(0, 200))}`);
    rest = rest.slice(end + 4);
    if (status < 200) continue;
    const pairs = lines.map((line) => /^([\w-]+): (.*)$/.exec(line)?.slice(1) ?? []);
    const headers = headersOf(pairs.flat());
    const length = Number(headers.get('Content-Length') ?? (status === 204 || status === 304 ? 0 : Number.NaN));
    if (!(length <= rest.length))
      throw new Error(`An answer of ${headers.get('Content-Length')} bytes has ${rest.length}`);
    answers.push(toReceived(status, headers, `${lines.join('\n')}\n`, Buffer.from(rest.slice(0, length), 'latin1')));
    rest = rest.slice(length);
  }
  return answers;
}
