/**
 * What every adapter of a port is held to:
 *
 * - `faithful`: what goes in comes out, and nothing else;
 * - `unique`: of two that may not be alike, the second is refused;
 * - `once`: of twenty who race, one wins;
 * - `rolled back`: what failed left nothing behind;
 * - `isolated`: nobody sees or disturbs what others have under way.
 */
export type ContractPart = 'faithful' | 'unique' | 'once' | 'rolled back' | 'isolated';

/** One promise of a port as something that runs: it throws an `Error` where the promise is broken. */
export interface ContractCase {
  readonly part: ContractPart;
  /** A sentence whose subject is the port. */
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** How many race where a promise says `once`. */
const racers = 20;

/** Runs `contend` for every racer at once. */
export function race<Result>(contend: (racer: number) => Promise<Result>): Promise<PromiseSettledResult<Result>[]> {
  return Promise.allSettled(Array.from({ length: racers }, (_, racer) => contend(racer)));
}
