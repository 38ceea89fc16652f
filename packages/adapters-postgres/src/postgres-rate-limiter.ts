import { type BucketCount, clockTolerance, type LimitedBucket, type RateLimiter, type Window } from '@sallyport/core';
import sql, { empty, join, type Sql } from 'sql-template-tag';
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
    const together = buckets.slice(0, steps.length);
    if (together.length === 0) return [];
    const counting = together.map((bucket, index) => this.#step(bucket, index, together[index - 1], at));
    const counted = together.map(
      (_, index) => sql`select ${index}::int as turn, count, closes_at from ${steps[index]}`,
    );
    const rows = await this.#queries.query<BucketRow>(
      sql`with ${join(counting, ', ')} ${join(counted, ' union all ')} order by turn`,
    );
    const counts = rows.map((row) => toCount(row, at));
    const isWithin =
      counts.length === together.length && (counts.at(-1)?.count ?? 0) <= (together.at(-1)?.attempts ?? 0);
    return isWithin ? [...counts, ...(await this.countInTurn(buckets.slice(steps.length), at))] : counts;
  }

  /** Counts in a bucket, if the one before it is within its quota. */
  #step({ bucket, seconds }: LimitedBucket, index: number, before: LimitedBucket | undefined, at: Date): Sql {
    const closesAt = new Date(at.getTime() + seconds * 1000);
    const latest = new Date(closesAt.getTime() + clockTolerance * 1000);
    const isOpen = sql`kept.closes_at > ${at} and kept.closes_at <= ${latest}`;
    const isNext = before ? sql`from ${steps[index - 1]} where count <= ${before.attempts}::float8` : empty;
    return sql`${steps[index]} as (
      insert into ${this.#rateLimits} as kept (bucket, count, closes_at)
      select ${bucket}::text, 1, ${closesAt}::timestamptz ${isNext}
      on conflict (bucket) do update set
        count = case when ${isOpen} then kept.count + 1 else 1 end,
        closes_at = case when ${isOpen} then kept.closes_at else excluded.closes_at end
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

/** The names of the steps of one statement. No limit has more buckets. */
const steps = [sql`first`, sql`second`, sql`third`];

function toCount({ count, closes_at: closesAt }: BucketRow, at: Date): BucketCount {
  return { count, closesIn: (closesAt.getTime() - at.getTime()) / 1000 };
}
