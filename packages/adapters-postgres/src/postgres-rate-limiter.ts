import type { BucketCount, LimitedBucket, RateLimiter, Window } from '@sallyport/core';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
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
    const [count] = await this.countInTurn([{ bucket, seconds, attempts: Infinity }], at);
    if (!count) throw new Error('An upsert returned no row');
    return count;
  }

  async countInTurn(buckets: readonly LimitedBucket[], at: Date): Promise<readonly BucketCount[]> {
    if (buckets.length === 0) return [];
    const steps = buckets.map((bucket, index) => this.#step(bucket, index, buckets[index - 1], at));
    const counts = buckets.map(
      (_, index) => sql`select ${raw(String(index))} as turn, count, closes_at from ${turn(index)}`,
    );
    const rows = await this.#queries.query<BucketRow>(
      sql`with ${join(steps, ', ')} ${join(counts, ' union all ')} order by turn`,
    );
    return rows.map((row) => toCount(row, at));
  }

  /** Counts in a bucket, if the one before it is within its quota. */
  #step({ bucket, seconds }: LimitedBucket, index: number, before: LimitedBucket | undefined, at: Date): Sql {
    const closesAt = new Date(at.getTime() + seconds * 1000);
    const isNext = before ? sql`from ${turn(index - 1)} where count <= ${before.attempts}::float8` : empty;
    return sql`${turn(index)} as (
      insert into ${this.#rateLimits} as kept (bucket, count, closes_at)
      select ${bucket}::text, 1, ${closesAt}::timestamptz ${isNext}
      on conflict (bucket) do update set
        count = case when kept.closes_at <= ${at} then 1 else kept.count + 1 end,
        closes_at = case when kept.closes_at <= ${at} then excluded.closes_at else kept.closes_at end
      returning count, closes_at)`;
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
    const batch = batchOf(this.#rateLimits, sql`closes_at`, sql`<= ${at}`, limit);
    const purged = await this.#queries.query(sql`delete from ${this.#rateLimits} where ${batch} returning bucket`);
    return purged.length;
  }
}

/** The name of the step that counts in this bucket. */
const turn = (index: number) => raw(`turn_${index}`);

function toCount({ count, closes_at: closesAt }: BucketRow, at: Date): BucketCount {
  return { count, closesIn: (closesAt.getTime() - at.getTime()) / 1000 };
}
