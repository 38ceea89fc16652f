import type { Ports } from '@sallyport/core';
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
import { memoryStore } from '../memory-store.ts';

/**
 * Every port, for tests: an empty store, doubles that cost nothing, and a clock and a mailbox that the test controls.
 */
export function memoryPorts(): Ports & { readonly clock: ManualClock; readonly mailer: Mailbox } {
  return {
    ...memoryStore(),
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
