import { setFlagsFromString } from 'node:v8';
import type { Sql } from '@sallyport/adapters-postgres';
import type { PgliteOptions } from '@sallyport/adapters-postgres/pglite';

/** The V8 of Node 24. From it on, one function of PGlite takes 600 MB for half a second to optimise. */
const firstCostlyV8 = 13;

/**
 * Opens the embedded database in a directory, or in memory without one. PGlite is loaded only here: other stores do not
 * need it. Where its optimisation takes too much memory, it runs as V8's first compiler leaves it, somewhat slower.
 */
export async function openEmbedded(directory: string | undefined, options: PgliteOptions): Promise<Sql> {
  if (Number.parseInt(process.versions.v8, 10) >= firstCostlyV8) {
    setFlagsFromString('--no-wasm-tier-up');
    setFlagsFromString('--no-wasm-dynamic-tiering');
  }
  const { openPglite } = await import('@sallyport/adapters-postgres/pglite');
  return openPglite(directory, options);
}
