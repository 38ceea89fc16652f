export {
  assertMailed,
  assertNotMailed,
  assertNotRecorded,
  assertRecorded,
  type ExpectedEntry,
  type ExpectedMail,
} from './assertions.ts';
export {
  FewCommonPasswords,
  Mailbox,
  NoSigningKeys,
  OpaqueAccessTokens,
  OpaqueRefreshTokens,
  PlainPasswordHasher,
  SequentialSecrets,
} from './doubles.ts';
export type { FaultPoint, Faults, PortMethod } from './faults.ts';
export { ManualClock } from './manual-clock.ts';
export type { MemberCredentials, MemberFields, SessionFields, TestMembers } from './members.ts';
export { matchers, type MatcherResult, type SallyportMatchers } from './matchers.ts';
export { memoryPorts, type MemoryPorts } from './memory-ports.ts';
export {
  testApplication,
  type TestApplication,
  type TestApplicationOptions,
  type TestPorts,
} from './test-application.ts';
export type { MemoryStore } from '../memory-store.ts';
export type { MemoryPart } from '../part.ts';
