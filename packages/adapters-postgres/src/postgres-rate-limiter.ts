import type { BucketCount, RateLimiter, Window } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { batchOf } from './clauses.ts';
import type { Queries } from './sql.ts';

interface BucketRow {
  readonly count: number;
  readonly closes_at: Date;
}

/** Counts for all nodes of a database. */
export class PostgresRateLimiter implements RateLimiter {
  readonly #queries: Queries;
  readonly #rateLimits: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#rateLimits = queries.table('rate_limits');
  }

  async count(bucket: string, { at, seconds }: Window): Promise<BucketCount> {
    const closesAt = new Date(at.getTime() + seconds * 1000);
    const [row] = await this.#queries.query<BucketRow>(sql`
      insert into ${this.#rateLimits} as kept (bucket, count, closes_at) values (${bucket}, 1, ${closesAt})
      on conflict (bucket) do update set
        count = case when kept.closes_at <= ${at} then 1 else kept.count + 1 end,
        closes_at = case when kept.closes_at <= ${at} then excluded.closes_at else kept.closes_at end
      returning count, closes_at`);
    if (!row) throw new Error('An upsert returned no row');
    return toCount(row, at);
  }

  async read(bucket: string, at: Date): Promise<BucketCount | undefined> {
    const [row] = await this.#queries.query<BucketRow>(
      sql`select count, closes_at from ${this.#rateLimits} where bucket = ${bucket} and closes_at > ${at}`,
    );
    return row && toCount(row, at);
  }

  async forget(bucket: string): Promise<void> {
    await this.#queries.query(sql`delete from ${this.#rateLimits} where bucket = ${bucket}`);
  }

  async purge(at: Date, limit: number): Promise<number> {
    const batch = batchOf(this.#rateLimits, sql`closes_at <= ${at}`, limit);
    const purged = await this.#queries.query(sql`delete from ${this.#rateLimits} where ${batch} returning bucket`);
    return purged.length;
  }
}

function toCount({ count, closes_at: closesAt }: BucketRow, at: Date): BucketCount {
  return { count, closesIn: (closesAt.getTime() - at.getTime()) / 1000 };
}
