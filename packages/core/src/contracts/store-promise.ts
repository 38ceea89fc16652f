import type { StorePorts } from '../ports/ports.ts';
import type { ContractPart } from './contract.ts';

/** One promise that the ports of a store make together. */
export interface StorePromise {
  readonly part: ContractPart;
  readonly name: string;
  /** Throws an `Error` where the promise is broken. The store is empty at first. */
  readonly holds: (store: StorePorts) => Promise<void>;
}

/** A page that holds all that a promise ever stores. */
export const firstPage = { skip: 0, limit: 100 };
