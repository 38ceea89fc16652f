export type { DatabaseDraft } from './database.ts';
export { purgeWithKey, readRows, withChanges } from './database.ts';
export { MemoryRateLimiter } from './memory-rate-limiter.ts';
export { memoryStore, type MemoryStore } from './memory-store.ts';
export type { MemoryPart, PartOfStore } from './part.ts';
export { SystemClock } from './system-clock.ts';
export { type Rows, Sequence, Table } from './table.ts';
