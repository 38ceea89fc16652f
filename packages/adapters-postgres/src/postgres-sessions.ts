import type {
  SessionOpening,
  RefreshingClient,
  Session,
  SessionId,
  SessionLifetime,
  Sessions,
  SessionWithUser,
  StorePage,
  UserId,
  WritableSessions,
} from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { batchOf, given, where } from './clauses.ts';
import { deleteSelected } from './delete-selected.ts';
import { sessionColumns, type SessionRow, toSession, toUser, userColumns, type UserRow } from './rows.ts';
import { SharedLookup } from './shared-lookup.ts';
import type { OutsideQueries, TransactionQueries } from './sql.ts';

export class PostgresSessions implements Sessions {
  readonly #queries: OutsideQueries;
  readonly #sessions: Sql;
  readonly #users: Sql;
  readonly #lookup: SharedLookup<SessionRow & UserRow>;

  constructor(queries: OutsideQueries) {
    this.#queries = queries;
    this.#sessions = queries.table('sessions');
    this.#users = queries.table('users');
    this.#lookup = new SharedLookup(
      (ids) => this.#readWithUser(ids),
      (row) => row.session_id,
    );
  }

  async findWithUser(id: SessionId): Promise<SessionWithUser | undefined> {
    this.#queries.refuseInside();
    const row = await this.#lookup.find(id);
    return row && toSessionWithUser(row);
  }

  #readWithUser(ids: readonly SessionId[]): Promise<readonly (SessionRow & UserRow)[]> {
    return this.#queries.query(sql`
      select ${sessionColumns}, ${userColumns}
      from ${this.#sessions} join ${this.#users} on users.id = sessions.user_id
      where sessions.id = any (${ids})`);
  }

  async listLive(
    userId: UserId,
    lifetime: SessionLifetime,
    { skip, limit, after }: StorePage<SessionId>,
  ): Promise<readonly Session[]> {
    const conditions = [
      sql`user_id = ${userId}`,
      mayGoOn(lifetime),
      ...given(
        after,
        (id) => sql`(created_at, id) < (
          select created_at, id from ${this.#sessions} where id = ${id} and user_id = ${userId})`,
      ),
    ];
    const rows = await this.#queries.query<SessionRow>(sql`
      select ${sessionColumns} from ${this.#sessions} ${where(conditions)}
      order by created_at desc, id desc limit ${limit} offset ${skip}`);
    return rows.map((row) => toSession(row, userId));
  }
}

function toSessionWithUser(row: SessionRow & UserRow): SessionWithUser {
  return { session: toSession(row, row.id), user: toUser(row) };
}

function mayGoOn({ at, usedSince }: SessionLifetime): Sql {
  return sql`ended_at is null and expires_at > ${at} and last_used_at > ${usedSince}`;
}

export class PostgresWritableSessions implements WritableSessions {
  readonly #queries: TransactionQueries;
  readonly #sessions: Sql;
  readonly #users: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#sessions = queries.table('sessions');
    this.#users = queries.table('users');
  }

  async open(session: Session, keep: number): Promise<SessionOpening> {
    const { id, userId, methods, authenticatedAt, generation, createdAt, lastUsedAt, turnedAt, expiresAt } = session;
    const { endedAt, ip, userAgent, refreshedBy, networks, fromNewNetwork, sharedAt } = session;
    // All parts see the sessions as they were before the statement.
    const [row] = await this.#queries.query<{ readonly ended: number; readonly is_known_device: boolean }>(sql`
      with beyond as (
        update ${this.#sessions} set ended_at = ${createdAt}
        where user_id = ${userId} and ended_at is null and (last_used_at, id) <= (
          select last_used_at, id from ${this.#sessions} where user_id = ${userId} and ended_at is null
          order by last_used_at desc, id desc offset ${keep} limit 1)
        returning id
      ), opened as (
        insert into ${this.#sessions}
          (id, user_id, methods, authenticated_at, generation, created_at, last_used_at, turned_at, expires_at, ended_at,
           ip, user_agent, refreshed_by, networks, from_new_network, shared_at)
        values
          (${id}, ${userId}, ${methods}, ${authenticatedAt}, ${generation}, ${createdAt}, ${lastUsedAt}, ${turnedAt},
           ${expiresAt}, ${endedAt}, ${ip}, ${userAgent}, ${refreshedBy}, ${networks}, ${fromNewNetwork}, ${sharedAt})
      )
      select
        (select count(*) from beyond) as ended,
        exists (select from ${this.#sessions} where user_id = ${userId} and user_agent = ${userAgent}) as is_known_device`);
    if (!row) throw new Error('A select without a table returned no row');
    return { ended: row.ended, isKnownDevice: row.is_known_device };
  }

  async lock(id: SessionId): Promise<SessionWithUser | undefined> {
    const [row] = await this.#queries.query<SessionRow & UserRow>(sql`
      select ${sessionColumns}, ${userColumns}
      from ${this.#sessions} join ${this.#users} on users.id = sessions.user_id
      where sessions.id = ${id}
      for update of sessions`);
    return row && toSessionWithUser(row);
  }

  async turn(
    id: SessionId,
    generation: number,
    { at, usedSince }: SessionLifetime,
    { network, userAgent, keep }: RefreshingClient,
  ): Promise<SessionWithUser | undefined> {
    const turning = this.#queries.query<SessionRow>(sql`
      update ${this.#sessions} set
        generation = generation + 1, last_used_at = ${at}, turned_at = ${at}, refreshed_by = ${userAgent},
        from_new_network = not (${network} = any (networks)),
        networks = (array[${network}::text] || array_remove(networks, ${network}))[1:${keep}]
      where id = ${id} and generation = ${generation} and ${mayGoOn({ at, usedSince })}
      returning ${sessionColumns}`);
    // A statement of its own, sent along: the first one may have waited, but sees users as they were when it began.
    const reading = this.#queries.query<UserRow>(sql`
      select ${userColumns} from ${this.#sessions} join ${this.#users} on users.id = sessions.user_id
      where sessions.id = ${id}`);
    const [[session], [user]] = await Promise.all([turning, reading]);
    return session && user && { session: toSession(session, user.id), user: toUser(user) };
  }

  async recordSharing(id: SessionId, sharedAt: readonly Date[]): Promise<void> {
    await this.#queries.send(sql`update ${this.#sessions} set shared_at = ${sharedAt} where id = ${id}`);
  }

  async end(id: SessionId, endedAt: Date): Promise<boolean> {
    const ended = await this.#queries.query(
      sql`update ${this.#sessions} set ended_at = ${endedAt} where id = ${id} and ended_at is null returning id`,
    );
    return ended.length > 0;
  }

  async endOwn(userId: UserId, id: SessionId, endedAt: Date): Promise<boolean> {
    const ended = await this.#queries.query(sql`
      update ${this.#sessions} set ended_at = ${endedAt}
      where id = ${id} and user_id = ${userId} and ended_at is null returning id`);
    return ended.length > 0;
  }

  async endAllOf(userId: UserId, endedAt: Date): Promise<number> {
    const ended = await this.#queries.query(
      sql`update ${this.#sessions} set ended_at = ${endedAt} where user_id = ${userId} and ended_at is null returning id`,
    );
    return ended.length;
  }

  async endNext(
    { after, limit }: Parameters<WritableSessions['endNext']>[0],
    endedAt: Date,
  ): Promise<readonly SessionId[]> {
    const conditions = [sql`ended_at is null`, ...given(after, (id) => sql`id > ${id}`)];
    const ended = await this.#queries.query<{ readonly id: SessionId }>(sql`
      with next as materialized (
        select id from ${this.#sessions} ${where(conditions)} order by id limit ${limit} for update),
      ended as (
        update ${this.#sessions} set ended_at = ${endedAt} from next where sessions.id = next.id returning sessions.id)
      select id from ended order by id`);
    return ended.map(({ id }) => id);
  }

  async purge(before: Date, limit: number): Promise<number> {
    return this.#purge(batchOf(this.#sessions, sql`expires_at`, sql`< ${before}`, limit));
  }

  async purgeAllOf(userId: UserId, limit: number): Promise<number> {
    const some = sql`select ctid from ${this.#sessions} where user_id = ${userId} limit ${limit}`;
    return deleteSelected(this.#queries, this.#sessions, some);
  }

  async #purge(batch: Sql): Promise<number> {
    const purged = await this.#queries.query(sql`delete from ${this.#sessions} where ${batch} returning id`);
    return purged.length;
  }
}
