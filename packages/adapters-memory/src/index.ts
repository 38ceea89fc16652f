export { MemoryRateLimiter } from './memory-rate-limiter.ts';
export { memoryStore } from './memory-store.ts';
export { SystemClock } from './system-clock.ts';
