/** A request as plain data. A mount makes it from the request of its host. */
export interface ApiRequest {
  /** As sent, in upper case: `GET`. */
  readonly method: string;
  /** The path inside the mount, as sent: `/users/me`. It is not decoded. */
  readonly path: string;
  /** The query without its question mark, as sent; empty if there is none. */
  readonly query: string;
  /** The value of a header, by its name in lower case; the values of a repeated header are joined by commas. */
  readonly header: (name: string) => string | undefined;
  /** The IP address of the client. A request without one is not served, because the limits count by it. */
  readonly clientAddress: string;
  /** The id of the request, unique and not chosen by the client. The answer and the log show it. */
  readonly requestId: string;
  /** Absent if the request has no body. */
  readonly body?: RequestBody | undefined;
  /**
   * Names and values of all headers in turn, as Node's `rawHeaders` has them, if the host knows them. Repeated and
   * missing headers are detected in it.
   */
  readonly rawHeaders?: readonly string[] | undefined;
  /** The version of HTTP, such as `1.1`, if the host knows it. */
  readonly httpVersion?: string | undefined;
  /** An object for the log of the host. It is filled in while the request is handled. */
  readonly observed?: Observed | undefined;
}

/** A body whose bytes are still to be read, or what the host has parsed it to. */
export type RequestBody =
  | {
      /**
       * Reads all bytes, as they were sent. It calls `take` before it keeps any of them, and keeps none once that has
       * thrown.
       *
       * @throws HttpError `payload_too_large` when there are more than `limit`, `malformed_request` when the client
       *   leaves before the end
       * @throws What `take` throws
       */
      readonly read: (limit: number, take: TakeBytes) => Promise<Uint8Array>;
    }
  | { readonly parsed: unknown };

/**
 * Counts bytes of a body that are about to be kept in memory.
 *
 * @throws SallyportError `unavailable` when the bodies of all requests, or of this client, already take too much
 */
export type TakeBytes = (bytes: number) => void;

/** What is known of a request so far. It is complete enough for a log even if the client leaves before the answer. */
export interface Observed {
  /** The pattern of the route, without values from the path: `/users/{id}`. */
  route?: string;
  /** The user of the bearer token, once its signature is verified. */
  userId?: number;
  /** The error code of the answer, if it is a refusal: one of `problemTypes`, of a module, or of OAuth (RFC 6749). */
  code?: string;
}

/** An answer as plain data. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Absent if nothing is to be sent, also in the answer to a HEAD request. */
  readonly body?: string | Uint8Array | undefined;
}

/** An answer in JSON. */
export function jsonResponse(status: number, value: unknown, headers: ApiResponse['headers'] = {}): ApiResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** The header of every answer that holds a token or a member's data. */
export const notStored = { 'Cache-Control': 'no-store' } as const;
