import type { Clock } from '@sallyport/core';

/** The time of this machine. */
export class SystemClock implements Clock {
  now(): Date {
    return new Date();
  }
}
