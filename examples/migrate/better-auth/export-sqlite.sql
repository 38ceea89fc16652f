-- Prints the accounts in better-auth's SQLite database, in the form that `sallyport import` reads.
--
-- sqlite3 -readonly -bail app.db < export-sqlite.sql > accounts.ndjson
--
-- Columns may be named as better-auth, Prisma (emailVerified) or Drizzle (email_verified) name them. Columns of the admin
-- plugin (role, banned) may be absent. Replace "user" and account if your tables have other names.

.mode list
.headers off

select (
  select json_object(
    'external_id', cast(u.id as text),
    'name', u.name,
    'email', u.email,
    'email_verified', json(iif(coalesce(emailVerified, email_verified), 'true', 'false')),
    'password_hash', (
      select password from account where coalesce(userId, user_id) = u.id and coalesce(providerId, provider_id) = 'credential'
    ),
    -- An account may have several roles, separated by commas.
    'role', iif(',' || role || ',' like '%,admin,%', 'admin', 'user'),
    'is_active', json(iif(
      coalesce(banned, 0) and coalesce((
        select julianday(iif(typeof(time) = 'integer' and time > 100000000000, time / 1000.0, time), 'auto')
        from (select coalesce(banExpires, ban_expires) as time)
      ) > julianday('now'), true),
      'false', 'true'
    )),
    -- A text, or a number of seconds or milliseconds.
    'created_at', (
      select strftime('%Y-%m-%dT%H:%M:%fZ', iif(typeof(time) = 'integer' and time > 100000000000, time / 1000.0, time), 'auto')
      from (select coalesce(createdAt, created_at) as time)
    )
  )
  -- A column that the table lacks is looked for in the row around this query, where it is null.
  from "user" as u where u.rowid = numbered.position
)
from
  (select rowid as position from "user") as numbered,
  (
    select
      null as emailVerified, null as email_verified, null as userId, null as user_id, null as providerId,
      null as provider_id, null as role, null as banned, null as banExpires, null as ban_expires, null as createdAt,
      null as created_at
  ) as absent
order by numbered.position;
