export { ManualClock, SystemClock } from './clocks.ts';
export {
  FewCommonPasswords,
  Mailbox,
  NoSigningKeys,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from './doubles.ts';
export { memoryPorts } from './memory-ports.ts';
export { MemoryRateLimiter } from './memory-rate-limiter.ts';
export { memoryStore } from './memory-store.ts';
