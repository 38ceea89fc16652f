import { once } from 'node:events';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { notes } from '../../../test/secrecy.mjs';
import type { Running } from '../../http-api/test/running.ts';

/** A request as tests send it. */
interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | URLSearchParams | undefined;
}

/** An answer that was received in full. */
interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends a request to a target such as `/users?limit=1`. */
export type Exchange = (target: string, sent: Sent) => Promise<Received>;

/** Sends requests as the host does, which may have no socket. */
export function throughHost(host: Running): Exchange {
  return async (target, { method, headers, body }) => {
    const response = await host.request(target, { method, headers, ...(body !== undefined && { body }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

/** What `fetch` adds to a request. */
const usualHeaders = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node' };

/**
 * Sends requests over connections that are kept, without `fetch`, which needs several times the CPU: the tests send
 * tens of thousands.
 */
export function overSockets(url: string): Exchange {
  const agent = new Agent({ keepAlive: true });
  return async (target, { method, headers, body }) => {
    notes.sent({ headers, ...(body !== undefined && { body }) });
    const content = body === undefined ? {} : contentOf(body);
    const request = send(new URL(url + target), {
      agent,
      method,
      headers: { ...usualHeaders, ...content, ...headers },
    });
    const answered = once(request, 'response');
    request.end(body?.toString());
    const [response] = (await answered) as [IncomingMessage];
    const received = { status: response.statusCode ?? 0, headers: headersOf(response), text: await text(response) };
    notes.answer({ ...received, url: target, body: received.text });
    return received;
  };
}

function contentOf(body: string | URLSearchParams): Record<string, string | number> {
  const type = typeof body === 'string' ? 'text/plain' : 'application/x-www-form-urlencoded';
  return { 'content-type': `${type};charset=UTF-8`, 'content-length': Buffer.byteLength(body.toString()) };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return headers;
}
