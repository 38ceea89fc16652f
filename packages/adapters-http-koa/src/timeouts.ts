/** Time limits for clients and for stopping, in milliseconds. */
export interface Timeouts {
  /**
   * From a new connection or the first byte of a request to the end of its header. Also the limit of a TLS handshake.
   */
  readonly headers: number;
  /** From the first byte of a request to the last byte of its body. */
  readonly request: number;
  /** Between an answer and the next request on its connection. */
  readonly idle: number;
  /** Without a byte in either direction while a request is in flight: the client has stopped reading. */
  readonly stalled: number;
  /** Between two checks for exceeded limits. */
  readonly checkInterval: number;
  /** Without a request, before a retiring server counts as idle. */
  readonly quiet: number;
  /** From the start of retiring to the stop, even if requests keep coming. */
  readonly retire: number;
  /** For requests in flight when the server stops. */
  readonly drain: number;
}

/** The 10 and 30 seconds for slow requests are common defaults. The other limits follow from them. */
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
