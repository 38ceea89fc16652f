import type {
  Claim,
  ClaimedMail,
  Email,
  MailData,
  MailKind,
  QueuedMail,
  UserId,
  WaitingMails,
  WritableOutbox,
} from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { given, where } from './clauses.ts';
import type { TransactionQueries } from './sql.ts';

interface MailRow {
  readonly id: number;
  readonly kind: MailKind;
  readonly email: Email;
  readonly user_id: UserId | null;
  readonly queued_at: Date;
  readonly locale: string | null;
  readonly network: string | null;
  readonly data: MailData | null;
  readonly attempts: number;
  readonly counted: boolean;
}

export class PostgresOutbox implements WritableOutbox {
  readonly #queries: TransactionQueries;
  readonly #outbox: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#outbox = queries.table('outbox');
  }

  async append({ kind, email, userId, queuedAt, locale, network, data }: QueuedMail): Promise<void> {
    await this.#queries.send(sql`
      insert into ${this.#outbox} (kind, email, user_id, queued_at, due_at, locale, network, data)
      values
        (${kind}, ${email}, ${userId}, ${queuedAt}, ${queuedAt}, ${locale}, ${network},
         ${data && JSON.stringify(data)})`);
  }

  async claim({ at, until, limit }: { at: Date; until: Date; limit: number }): Promise<readonly ClaimedMail[]> {
    // Nodes that claim at once skip each other's rows instead of waiting for them.
    const rows = await this.#queries.query<MailRow>(sql`
      with due as materialized (
        select id from ${this.#outbox} where due_at <= ${at} order by due_at, id limit ${limit} for update skip locked)
      update ${this.#outbox} set due_at = ${until}, attempts = attempts + 1 from due where outbox.id = due.id
      returning outbox.id, kind, email, user_id, queued_at, locale, network, data, attempts, counted`);
    return rows
      .map(({ id, kind, email, user_id: userId, queued_at: queuedAt, locale, network, data, attempts, counted }) => ({
        id,
        kind,
        email,
        userId: userId ?? undefined,
        queuedAt,
        locale: locale ?? undefined,
        network: network ?? undefined,
        data: data ?? undefined,
        attempts,
        counted,
      }))
      .toSorted((a, b) => a.id - b.id);
  }

  async holds(claim: Claim): Promise<boolean> {
    const held = await this.#queries.query(sql`select id from ${this.#outbox} where ${isHeld(claim)}`);
    return held.length > 0;
  }

  async markCounted(claim: Claim): Promise<void> {
    await this.#queries.send(sql`update ${this.#outbox} set counted = true where ${isHeld(claim)}`);
  }

  async postpone(claim: Claim, until: Date): Promise<void> {
    await this.#queries.send(sql`update ${this.#outbox} set due_at = ${until} where ${isHeld(claim)}`);
  }

  async cancel(userId: UserId, kind?: MailKind): Promise<void> {
    const conditions = [sql`user_id = ${userId}`, ...given(kind, (value) => sql`kind = ${value}`)];
    await this.#queries.send(sql`delete from ${this.#outbox} ${where(conditions)}`);
  }

  async cancelEvery(kind: MailKind): Promise<void> {
    await this.#queries.send(sql`delete from ${this.#outbox} where kind = ${kind}`);
  }

  async delete(claim: Claim): Promise<void> {
    await this.#queries.send(sql`delete from ${this.#outbox} where ${isHeld(claim)}`);
  }

  async waiting(): Promise<WaitingMails> {
    const [row] = await this.#queries.query<{ readonly count: number; readonly oldest: Date | null }>(
      sql`select count(*) as count, min(queued_at) as oldest from ${this.#outbox}`,
    );
    return { count: row?.count ?? 0, oldestQueuedAt: row?.oldest ?? undefined };
  }
}

/** Each claim counts as an attempt. */
function isHeld({ id, attempts }: Claim): Sql {
  return sql`id = ${id} and attempts = ${attempts}`;
}
