import type { Clock } from '@sallyport/core';
import sql from 'sql-template-tag';
import type { Queries } from './sql.ts';

/**
 * The time of the database, which all nodes share. A difference between the clocks of two machines therefore makes no
 * record expire early, and neither does setting one of the clocks. Between two reads, the elapsed time is added.
 */
export class DatabaseClock implements Clock {
  readonly #queries: Pick<Queries, 'query'>;
  /** Milliseconds since 1970 when the monotonic clock of this process stood at 0. */
  #origin = Date.now() - performance.now();

  private constructor(queries: Pick<Queries, 'query'>) {
    this.#queries = queries;
  }

  /** @throws SallyportError `unavailable` */
  static async open(queries: Pick<Queries, 'query'>): Promise<DatabaseClock> {
    const clock = new DatabaseClock(queries);
    await clock.adjust();
    return clock;
  }

  now(): Date {
    return new Date(this.#origin + performance.now());
  }

  /**
   * Reads the database's clock again. Once a minute is enough.
   *
   * @throws SallyportError `unavailable`
   */
  async adjust(): Promise<void> {
    const asked = performance.now();
    const [row] = await this.#queries.query<{ readonly now: Date }>(sql`select clock_timestamp() as now`);
    if (!row) throw new Error('The database told no time');
    // The database read its clock between the question and the answer.
    this.#origin = row.now.getTime() - (asked + performance.now()) / 2;
  }
}
