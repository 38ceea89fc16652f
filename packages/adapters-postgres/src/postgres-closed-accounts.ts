import type { UserId, WritableClosedAccounts } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import type { TransactionQueries } from './sql.ts';

export class PostgresClosedAccounts implements WritableClosedAccounts {
  readonly #queries: TransactionQueries;
  readonly #closedAccounts: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#closedAccounts = queries.table('closed_accounts');
  }

  async append(userId: UserId, closedAt: Date): Promise<void> {
    await this.#queries.send(
      sql`insert into ${this.#closedAccounts} (user_id, closed_at) values (${userId}, ${closedAt})`,
    );
  }

  async claim(): Promise<UserId | undefined> {
    const [row] = await this.#queries.query<{ readonly user_id: UserId }>(
      sql`select user_id from ${this.#closedAccounts} order by random() limit 1 for update skip locked`,
    );
    return row?.user_id;
  }

  async delete(userId: UserId): Promise<void> {
    await this.#queries.send(sql`delete from ${this.#closedAccounts} where user_id = ${userId}`);
  }
}
