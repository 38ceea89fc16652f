import type { Ports, StorePorts } from '@sallyport/core';
import { ManualClock } from './manual-clock.ts';
import {
  FewCommonPasswords,
  Mailbox,
  NoSigningKeys,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from './doubles.ts';
import { MemoryRateLimiter } from '../memory-rate-limiter.ts';
import { memoryStore, type MemoryStore } from '../memory-store.ts';
import type { MemoryPart } from '../part.ts';

/** The ports of an application in a test. */
export type MemoryPorts<Parts extends readonly MemoryPart<object, object>[] = []> = MemoryStore<Parts> &
  Omit<Ports, keyof StorePorts> & { readonly clock: ManualClock; readonly mailer: Mailbox };

/**
 * Every port, for tests: an empty store, doubles that cost nothing, and a clock and a mailbox that the test controls.
 */
export function memoryPorts<const Parts extends readonly MemoryPart<object, object>[] = []>(
  parts?: Parts,
): MemoryPorts<Parts> {
  return {
    ...memoryStore(parts),
    hasher: new PlainPasswordHasher(),
    commonPasswords: new FewCommonPasswords(),
    accessTokens: new OpaqueAccessTokens(),
    refreshTokens: new OpaqueRefreshTokens(),
    keyRing: new NoSigningKeys(),
    mailer: new Mailbox(),
    rateLimiter: new MemoryRateLimiter(),
    secrets: new SequentialSecrets(),
    clock: new ManualClock(),
  };
}
