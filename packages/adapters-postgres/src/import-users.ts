import { assignedId, type ImportedUser, searchTerms, type UserId } from '@sallyport/core';
import sql from 'sql-template-tag';
import { reserveIds, sequenceOf } from './imported-ids.ts';
import type { TransactionQueries } from './sql.ts';

/** Stores these users in one statement, with new ids in their order, and returns their ids in the same order; `undefined` for those left out. */
export async function importUsers(
  queries: TransactionQueries,
  users: readonly ImportedUser[],
): Promise<readonly (UserId | undefined)[]> {
  await reserveIds(queries, 'users', users);
  const rows = await queries.query<{ readonly id: UserId; readonly position: number }>(sql`
    with numbered as (
      select accepted.*, coalesce(id, nextval(${sequenceOf(queries, 'users')})) as number
      from (
        select imported.* from jsonb_to_recordset(${JSON.stringify(users.map(toRow))}::jsonb) as imported (
          position integer, id bigint, email text, external_id text, name text, search text[], profile jsonb, role text,
          is_active boolean, email_verified boolean, created_at timestamptz, password_hash text)
        where not exists (select from ${queries.table('closed_accounts')} where user_id = imported.id)
        order by position
      ) as accepted
    ), stored as (
      insert into ${queries.table('users')}
        (id, email, external_id, name, search, profile, role, is_active, email_verified, created_at, password_hash)
      overriding system value
      select number, email, external_id, name, array_to_tsvector(search), profile, role, is_active, email_verified,
        created_at, password_hash
      from numbered
      on conflict do nothing
      returning id, email
    )
    select stored.id, min(position) as position
    from stored join numbered on numbered.number = stored.id and numbered.email = stored.email
    group by stored.id`);
  const ids = new Map(rows.map(({ id, position }) => [position, assignedId(id)]));
  return users.map((_, position) => ids.get(position));
}

/** The columns of a user, by their names. */
function toRow(user: ImportedUser, position: number): object {
  const { id, email, externalId, name, profile, role, isActive, emailVerified, createdAt, passwordHash } = user;
  return {
    position,
    id,
    email,
    external_id: externalId,
    name,
    search: searchTerms(user),
    profile,
    role,
    is_active: isActive,
    email_verified: emailVerified,
    created_at: createdAt,
    password_hash: passwordHash,
  };
}
