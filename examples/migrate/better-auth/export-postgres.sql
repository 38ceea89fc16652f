-- Prints the accounts in better-auth's Postgres database, in the form that `sallyport import` reads.
--
-- psql "$OLD_DATABASE_URL" -qAtX -v ON_ERROR_STOP=1 -f export-postgres.sql > accounts.ndjson
--
-- Columns may be named as better-auth, Prisma (emailVerified) or Drizzle (email_verified) name them. Columns of the admin
-- plugin (role, banned) may be absent. Replace "user" and account if your tables have other names.

-- Rows arrive by the thousand, so a large table does not fill the memory.
\set FETCH_COUNT 1000
\encoding UTF8
begin isolation level repeatable read read only;
set local time zone 'UTC';

select json_build_object(
  'external_id', u.record ->> 'id',
  'name', u.record ->> 'name',
  'email', u.record ->> 'email',
  'email_verified', coalesce(u.record -> 'emailVerified', u.record -> 'email_verified'),
  'password_hash', credential.password,
  -- An account may have several roles, separated by commas.
  'role', case when 'admin' = any (string_to_array(u.record ->> 'role', ',')) then 'admin' else 'user' end,
  'is_active', coalesce(u.record ->> 'banned', 'false') = 'false'
    or coalesce((coalesce(u.record ->> 'banExpires', u.record ->> 'ban_expires'))::timestamptz <= now(), false),
  'created_at', (coalesce(u.record ->> 'createdAt', u.record ->> 'created_at'))::timestamptz
)
from (select to_jsonb(row) as record from "user" as row) as u
left join (
  select coalesce(record ->> 'userId', record ->> 'user_id') as user_id, record ->> 'password' as password
  from (select to_jsonb(row) as record from account as row) as every
  where coalesce(record ->> 'providerId', record ->> 'provider_id') = 'credential'
) as credential on credential.user_id = u.record ->> 'id'
order by (coalesce(u.record ->> 'createdAt', u.record ->> 'created_at'))::timestamptz, u.record ->> 'id';

commit;
