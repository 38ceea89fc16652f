/** Time limits for clients and for stopping, in milliseconds. */
export interface Timeouts {
  /**
   * From a new connection or the first byte of a request to the end of its header; 10 seconds by default. Also the
   * limit of a TLS handshake.
   */
  readonly headers: number;
  /** From the first byte of a request to the last byte of its body, and at least `headers`; 30 seconds by default. */
  readonly request: number;
  /**
   * Between a response and the next request on its connection; 75 seconds by default. Load balancers reuse connections
   * for 60 seconds. A server that closed them sooner would lose the requests that are on their way. Node tells clients
   * this time, and recent versions of it wait a second more.
   */
  readonly idle: number;
  /**
   * Without a byte in either direction while a request is in flight: the client has stopped reading, or the handler does
   * not answer. 60 seconds by default.
   */
  readonly stalled: number;
  /** Between two checks for exceeded limits; a second by default. */
  readonly checkInterval: number;
  /** Without a request, before a retiring server counts as idle; a second by default. */
  readonly quiet: number;
  /** From the start of retiring to its end, even if requests keep coming; 8 seconds by default. */
  readonly retire: number;
  /** For requests in flight when the server stops; 10 seconds by default. */
  readonly drain: number;
}

/** The 10 and 30 seconds for slow requests are common defaults. */
export const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 30_000,
  idle: 75_000,
  stalled: 60_000,
  checkInterval: 1_000,
  quiet: 1_000,
  retire: 8_000,
  drain: 10_000,
};

/** Timeouts that replace the defaults. One that is `undefined` replaces nothing. */
export type TimeoutOptions = { readonly [Name in keyof Timeouts]?: Timeouts[Name] | undefined };

/** All timeouts, of which these replace the defaults. */
export function timeoutsWith(options: TimeoutOptions = {}): Timeouts {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaultTimeouts, ...(Object.fromEntries(given) as Partial<Timeouts>) };
}
