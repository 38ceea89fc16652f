import { stateFailure } from './expect.ts';

/**
 * The kinds of promises that every adapter keeps:
 *
 * - `faithful`: it returns what it was given, and nothing else;
 * - `unique`: of two records that must differ, it rejects the second;
 * - `once`: of many callers at once, one succeeds;
 * - `rolled back`: a failure leaves nothing behind;
 * - `isolated`: transactions, callers and instances do not see or disturb each other.
 */
export type ContractPart = 'faithful' | 'unique' | 'once' | 'rolled back' | 'isolated';

/** One promise of a port as a test for any runner. */
export interface ContractCase {
  readonly part: ContractPart;
  /** The promise, as a sentence. */
  readonly name: string;
  /** Rejects with an `Error` that states the promise, what was expected and what was received. */
  readonly run: () => Promise<void>;
}

/** Two instances of a port that share neither records nor secrets. */
export type InstanceName = 'first' | 'second';

/**
 * Opens an instance of a port, empty and ready. Every case opens the `first`. A case about unrelated instances then
 * opens the `second` beside it. An adapter that creates a new, independent instance on every call can ignore the name.
 */
export type Open<Instance> = (name: InstanceName) => Instance | Promise<Instance>;

/** One promise of a port, which can be checked on any instance. */
export interface PortPromise<Instance> {
  readonly part: ContractPart;
  readonly name: string;
  /** Throws an `Error` if the promise is broken. */
  holds(instance: Instance, openSecond: () => Promise<Instance>): Promise<void>;
}

/** The promises as cases, each on an instance of its own. */
export function casesOf<Instance>(
  open: Open<Instance>,
  promises: readonly PortPromise<Instance>[],
): readonly ContractCase[] {
  return promises.map((promise) => ({
    part: promise.part,
    name: promise.name,
    run: () => stateFailure(promise.name, async () => promise.holds(await open('first'), async () => open('second'))),
  }));
}

/** Calls `contend` for every racer at once. */
export function race<Result>(
  contend: (racer: number) => Promise<Result>,
  racers = 20,
): Promise<PromiseSettledResult<Result>[]> {
  return Promise.allSettled(Array.from({ length: racers }, (_, racer) => contend(racer)));
}

/** The results of the racers that succeeded. */
export function fulfilled<Result>(outcomes: readonly PromiseSettledResult<Result>[]): readonly Result[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
