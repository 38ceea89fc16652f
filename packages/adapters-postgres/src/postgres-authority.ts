import type { AuthorityRequest, LockedAuthority, WritableAuthority } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import {
  credentialColumns,
  type CredentialsRow,
  sessionColumns,
  type SessionRow,
  toCredentials,
  toSession,
  userColumns,
} from './rows.ts';
import type { Queries } from './sql.ts';

/** An account. The row of the actor also has the session, if it exists. */
type Row = CredentialsRow & {
  readonly [Name in keyof SessionRow]: SessionRow[Name] | null;
};

export class PostgresWritableAuthority implements WritableAuthority {
  readonly #queries: Queries;
  readonly #users: Sql;
  readonly #sessions: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#users = queries.table('users');
    this.#sessions = queries.table('sessions');
  }

  async lock({ actorId, sessionId, subjectId }: AuthorityRequest): Promise<LockedAuthority> {
    // Not `for share`: a stream of share locks would keep a transaction waiting forever that wants to change the
    // account. No key of a row changes, so rows that only refer to it need not wait. The count comes before any session
    // is read, so the accounts are locked first.
    const rows = await this.#queries.query<Row>(sql`
      with people as materialized (
        select ${userColumns}, ${credentialColumns} from ${this.#users} where id in (${actorId}, ${subjectId})
        order by id for no key update
      ), own as materialized (
        select ${sessionColumns}, sessions.user_id from ${this.#sessions}
        where sessions.id = ${sessionId} and sessions.user_id = ${actorId} and (select count(*) from people) > 0
        for no key update
      )
      select people.*, own.* from people left join own on own.user_id = people.id`);
    const [actor, subject] = [actorId, subjectId].map((id) => rows.find((row) => row.id === id));
    return {
      actor: actor && toCredentials(actor),
      session: actor?.session_id ? toSession(actor as SessionRow, actorId) : undefined,
      subject: subject && toCredentials(subject),
    };
  }
}
