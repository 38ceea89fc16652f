import type { Ports } from '@sallyport/core';
import { ManualClock } from './clocks.ts';
import { FewCommonPasswords, OpaqueAccessTokens, PlainPasswordHasher, SequentialSecrets } from './doubles.ts';
import { memoryStore } from './memory-store.ts';

/** Every port, for tests: an empty store, doubles that cost nothing, and a clock that the test owns. */
export function memoryPorts(): Ports & { readonly clock: ManualClock } {
  return {
    ...memoryStore(),
    hasher: new PlainPasswordHasher(),
    commonPasswords: new FewCommonPasswords(),
    accessTokens: new OpaqueAccessTokens(),
    secrets: new SequentialSecrets(),
    clock: new ManualClock(),
  };
}
