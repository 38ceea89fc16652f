export { RedisRateLimiter, type RedisRateLimiterOptions } from './redis-rate-limiter.ts';
