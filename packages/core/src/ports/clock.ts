/** The time. Every rule that depends on it asks here, so that a test can own it. */
export interface Clock {
  /** This moment. */
  now(): Date;
}
