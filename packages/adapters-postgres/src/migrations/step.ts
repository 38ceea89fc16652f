import type { TableLock } from './part.ts';

/** A transactional migration that is pending. */
export interface Step {
  readonly name: string;
  readonly locks: readonly TableLock[];
  readonly rewrites: readonly string[];
  /** Takes it, inside the transaction of all. */
  take(): Promise<void>;
}
