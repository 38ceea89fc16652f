import { type ServerResponse, STATUS_CODES } from 'node:http';

/** The requests that never reach the handler, or not in full: why, with the status and a sentence for the client. */
const refusals = {
  /** Node cannot parse it. */
  malformed: { status: 400, detail: 'The request is malformed' },
  /** Its header is larger than Node's limit of 16 KB. */
  headers_too_large: { status: 431, detail: 'The headers are too large' },
  chunk_extensions_too_large: { status: 413, detail: 'The chunk extensions are too large' },
  /** Its header or body did not arrive in time. */
  timeout: { status: 408, detail: 'The request took too long' },
  /** It asks for a tunnel (CONNECT), which a server that is no proxy does not have. */
  tunnel: { status: 501, detail: 'The method is not known' },
} as const;

/** Why the server refuses a request. */
export type RefusalReason = keyof typeof refusals;

/** A request that the server refuses by itself. It closes the connection after its answer. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: (typeof refusals)[RefusalReason]['status'];
  /** A sentence for the client. */
  readonly detail: string;
  /** The IP address of the other end of the connection. */
  readonly remoteAddress: string | undefined;
  /**
   * The response of the handler, which is not sent, if the header of the request was readable. Its headers show what
   * the handler has set so far, such as an id of the request.
   */
  readonly response: ServerResponse | undefined;
}

/** The answer to a refused request. The server adds its length, `Cache-Control: no-store` and `Connection: close`. */
export interface RefusalAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Describes a refusal. */
export function refusalFor(reason: RefusalReason, connection: Pick<Refusal, 'remoteAddress' | 'response'>): Refusal {
  return { reason, ...refusals[reason], ...connection };
}

/** Answers a refusal with problem details (RFC 9457) of the type `about:blank`. */
export function problemAnswer({ status, detail }: Refusal): RefusalAnswer {
  return {
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ title: STATUS_CODES[status], status, detail }),
  };
}
