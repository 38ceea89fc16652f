import type { Session, SessionId, Sessions, SessionWithUser, UserId, WritableSessions } from '@sallyport/core';
import sql from 'sql-template-tag';
import { given, where } from './clauses.ts';
import { sessionColumns, type SessionRow, toSession, toUser, userColumns, type UserRow } from './rows.ts';
import type { Queries } from './sql.ts';

export class PostgresSessions implements Sessions {
  readonly #queries: Queries;
  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async findWithUser(id: SessionId): Promise<SessionWithUser | undefined> {
    const [row] = await this.#queries.query<SessionRow & UserRow>(sql`
      select ${sessionColumns}, ${userColumns}
      from sessions join users on users.id = sessions.user_id
      where sessions.id = ${id}`);
    return row && { session: toSession(row, row.id), user: toUser(row) };
  }
}

export class PostgresWritableSessions implements WritableSessions {
  readonly #queries: Queries;
  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async append(session: Session): Promise<void> {
    const { id, userId, createdAt, lastUsedAt, expiresAt, endedAt, ip, userAgent } = session;
    await this.#queries.query(sql`
      insert into sessions (id, user_id, created_at, last_used_at, expires_at, ended_at, ip, user_agent)
      values (${id}, ${userId}, ${createdAt}, ${lastUsedAt}, ${expiresAt}, ${endedAt}, ${ip}, ${userAgent})`);
  }

  async end(id: SessionId, endedAt: Date): Promise<boolean> {
    const ended = await this.#queries.query(
      sql`update sessions set ended_at = ${endedAt} where id = ${id} and ended_at is null returning id`,
    );
    return ended.length > 0;
  }

  async endAllOf(userId: UserId, endedAt: Date, except?: SessionId): Promise<number> {
    const open = where([sql`user_id = ${userId}`, sql`ended_at is null`, ...given(except, (id) => sql`id <> ${id}`)]);
    const ended = await this.#queries.query(sql`update sessions set ended_at = ${endedAt} ${open} returning id`);
    return ended.length;
  }
}
