export {
  FewCommonPasswords,
  Mailbox,
  NoSigningKeys,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from './doubles.ts';
export { ManualClock } from './manual-clock.ts';
export { memoryPorts, type MemoryPorts } from './memory-ports.ts';
export type { MemoryStore } from '../memory-store.ts';
export type { MemoryPart } from '../part.ts';
