import type { TableLock } from './part.ts';

/** A transactional migration that is pending. */
export interface Step {
  readonly name: string;
  readonly locks: readonly TableLock[];
  readonly rewrites: readonly string[];
  /** Applies it, inside the transaction of all steps. */
  take(): Promise<void>;
}
