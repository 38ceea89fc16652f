import type { Clock } from '@sallyport/core';

/** A clock that stands still until a test moves it. It begins at 2026-01-01T00:00:00Z, unless a time is given. */
export class ManualClock implements Clock {
  #now: number;

  constructor(now: Date = new Date('2026-01-01T00:00:00Z')) {
    this.#now = now.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Moves the clock by so many seconds. */
  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
