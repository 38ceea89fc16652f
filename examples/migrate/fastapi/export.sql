-- Prints the accounts and posts of the tutorial's Postgres database, in the form that `sallyport import` reads.
--
-- psql "$OLD_DATABASE_URL" -qAtX -v ON_ERROR_STOP=1 -f export.sql > accounts.ndjson

-- Rows arrive by the thousand, so a large table does not fill the memory.
\set FETCH_COUNT 1000
\encoding UTF8
begin isolation level repeatable read read only;
-- The zone of times that were stored without one. Set another one here if the app wrote local times.
set local time zone 'UTC';

select json_build_object(
  'id', id,
  'name', name,
  'email', email,
  'password_hash', hashed_password,
  'role', case when lower(role::text) = 'admin' then 'admin' else 'user' end,
  'is_active', is_active,
  'created_at', created_at::timestamptz,
  'age', age,
  'city', city
)
from users order by id;

select json_build_object(
  'type', 'post',
  'id', id,
  'author_id', author_id,
  'title', title,
  'content', content,
  'published', published,
  'created_at', created_at::timestamptz
)
from posts order by id;

commit;
