import type { Clock } from '@sallyport/core';
import sql from 'sql-template-tag';
import type { Queries } from './sql.ts';

/**
 * The time of the database, which all its nodes share: what one node writes, no other takes for expired
 * because the clocks of their machines differ, and nothing ends early when one of those is set. Between two
 * looks, the time that passed is added.
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
   * Looks at the database's clock again; once a minute is enough.
   *
   * @throws SallyportError `unavailable`
   */
  async adjust(): Promise<void> {
    const asked = performance.now();
    const [row] = await this.#queries.query<{ readonly now: Date }>(sql`select clock_timestamp() as now`);
    if (!row) throw new Error('The database told no time');
    // It was read somewhere between question and answer.
    this.#origin = row.now.getTime() - (asked + performance.now()) / 2;
  }
}
