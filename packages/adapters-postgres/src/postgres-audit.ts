import type {
  Audit,
  AuditEntry,
  AuditFilter,
  AuditPage,
  AuditPosition,
  DomainEvent,
  StorePage,
  WritableAudit,
} from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { batchOf, given, where } from './clauses.ts';
import { auditColumns, type AuditRow, toAuditEntry } from './rows.ts';
import type { Queries, TransactionQueries } from './sql.ts';

export class PostgresAudit implements Audit {
  readonly #queries: Queries;
  readonly #audit: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#audit = queries.table('audit');
  }

  async list(
    { subjectId, actorId, type, ip, since, until }: AuditFilter,
    { skip, limit, after }: StorePage,
  ): Promise<readonly AuditEntry[]> {
    const conditions = [
      ...given(subjectId, (value) => sql`subject_id = ${value}`),
      ...given(actorId, (value) => sql`actor_id = ${value}`),
      ...given(type, (value) => sql`type = ${value}`),
      ...given(ip, (value) => sql`ip = ${value}`),
      ...given(since, (value) => sql`at >= ${value}`),
      ...given(until, (value) => sql`at < ${value}`),
      ...given(after, (value) => sql`id < ${value}`),
    ];
    const rows = await this.#queries.query<AuditRow>(
      sql`select ${auditColumns} from ${this.#audit} ${where(conditions)} order by id desc limit ${limit} offset ${skip}`,
    );
    return rows.map(toAuditEntry);
  }

  async since(position: AuditPosition | undefined, limit: number): Promise<AuditPage> {
    const behind = position === undefined ? [] : [sql`(transaction_id, id) > ${pairOf(position)}`];
    // Every transaction before the oldest one that is running is over, so nothing can appear before its entries.
    const settled = sql`transaction_id < pg_snapshot_xmin(pg_current_snapshot())`;
    const rows = await this.#queries.query<AuditRow & { readonly transaction_id: string }>(sql`
      select ${auditColumns}, transaction_id::text from ${this.#audit} ${where([...behind, settled])}
      order by audit.transaction_id, id limit ${limit}`);
    const last = rows.at(-1);
    if (!last) await this.#refuseForeign(position);
    return { entries: rows.map(toAuditEntry), position: last ? `${last.transaction_id}-${last.id}` : position };
  }

  /**
   * Transactions are counted by the database server. After a restore on another one, its count may be behind, and
   * nothing would ever follow the position.
   *
   * @throws RangeError when the position is ahead of this server
   */
  async #refuseForeign(position: AuditPosition | undefined): Promise<void> {
    if (position === undefined) return;
    const [row] = await this.#queries.query<{ readonly ahead: boolean }>(sql`
      select ${pairOf(position)} >= (pg_snapshot_xmax(pg_current_snapshot()), 0::bigint) as ahead`);
    if (row?.ahead) throw new RangeError('The position in the audit is of another database server');
  }
}

/** @throws RangeError when the text is no position */
function pairOf(position: AuditPosition): Sql {
  const [, transaction, id] = /^(\d{1,20})-(\d{1,15})$/.exec(position) ?? [];
  if (transaction === undefined || id === undefined) throw new RangeError('This is no position in the audit');
  return sql`(${transaction}::text::xid8, ${Number(id)}::bigint)`;
}

export class PostgresWritableAudit implements WritableAudit {
  readonly #queries: TransactionQueries;
  readonly #audit: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#audit = queries.table('audit');
  }

  async append({ at, type, actorId, subjectId, ip, userAgent, detail }: DomainEvent): Promise<void> {
    await this.#queries.send(sql`
      insert into ${this.#audit} (at, type, actor_id, subject_id, ip, user_agent, detail)
      values (${at}, ${type}, ${actorId}, ${subjectId}, ${ip}, ${userAgent}, ${JSON.stringify(detail)})`);
  }

  async appendAll(events: readonly DomainEvent[]): Promise<void> {
    const rows = events.map(({ actorId, subjectId, userAgent, ...event }) => ({
      ...event,
      actor_id: actorId,
      subject_id: subjectId,
      user_agent: userAgent,
    }));
    await this.#queries.send(sql`
      insert into ${this.#audit} (at, type, actor_id, subject_id, ip, user_agent, detail)
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as events (
        at timestamptz, type text, actor_id bigint, subject_id bigint, ip text, user_agent text, detail jsonb)`);
  }

  async purge(before: Date, limit: number): Promise<number> {
    const batch = batchOf(this.#audit, sql`at`, sql`< ${before}`, limit);
    const purged = await this.#queries.query(sql`delete from ${this.#audit} where ${batch} returning id`);
    return purged.length;
  }
}
