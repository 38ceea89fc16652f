/** The time. Every rule that depends on it asks this port, so that a test can control it. */
export interface Clock {
  /** The current time. */
  now(): Date;
}
