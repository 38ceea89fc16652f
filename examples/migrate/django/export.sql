-- Prints the accounts in Django's Postgres database, in the form that `sallyport import` reads.
--
-- psql "$OLD_DATABASE_URL" -qAtX -v ON_ERROR_STOP=1 -f export.sql > accounts.ndjson
--
-- Replace auth_user by the table of your user model if it has another one.

-- Rows arrive by the thousand, so a large table does not fill the memory.
\set FETCH_COUNT 1000
\encoding UTF8
set time zone 'UTC';

select json_build_object(
  'id', id,
  'name', coalesce(nullif(trim(first_name || ' ' || last_name), ''), username),
  'email', email,
  -- What begins with an exclamation mark is no hash: the account has no usable password.
  'password_hash', case when password like '!%' then null else nullif(password, '') end,
  'role', case when is_superuser then 'admin' else 'user' end,
  'is_active', is_active,
  'created_at', date_joined::timestamptz
)
from auth_user order by id;
