export { DatabaseClock } from './database-clock.ts';
export { migrate } from './migrate.ts';
export { openPg, type PgOptions } from './pg-sql.ts';
export { PostgresRateLimiter } from './postgres-rate-limiter.ts';
export { postgresStore } from './postgres-store.ts';
export { SqlError } from './sql-error.ts';
export type { MigrationClient, Queries, Sql, Statement } from './sql.ts';
