/** How long a client may take, and a stop: in milliseconds. */
export interface Timeouts {
  /** From a new connection or the first byte of a request to the end of its header; and for a TLS handshake. */
  readonly headers: number;
  /** From the first byte of a request to the last of its body. */
  readonly request: number;
  /** Between an answer and the next request on its connection. */
  readonly idle: number;
  /** Without a byte either way, while a request is in flight: its client has stopped to read. */
  readonly stalled: number;
  /** Between two looks for what took too long. */
  readonly checkInterval: number;
  /** Without a request, before a server that retires is left alone. */
  readonly quiet: number;
  /** From the word to retire to the stop, however many requests come. */
  readonly retire: number;
  /** For requests in flight, once the server stops. */
  readonly drain: number;
}

/** Slow requests are given the 10 and 30 seconds of which everybody has heard; the rest follows from them. */
export const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 30_000,
  idle: 30_000,
  stalled: 60_000,
  checkInterval: 1_000,
  quiet: 1_000,
  retire: 8_000,
  drain: 10_000,
};
