-- Prints the accounts of Supabase Auth, in the form that `sallyport import` reads.
--
-- psql "$OLD_DATABASE_URL" -qAtX -v ON_ERROR_STOP=1 -f export.sql > accounts.ndjson
--
-- Accounts without an address (anonymous ones, and those with a phone alone) and deleted accounts are left out.

-- Rows arrive by the thousand, so a large table does not fill the memory.
\set FETCH_COUNT 1000
\encoding UTF8

select json_build_object(
  'external_id', id,
  -- Users write their own raw_user_meta_data, so nothing but the name is taken from there.
  'name', coalesce(
    nullif(trim(raw_user_meta_data ->> 'full_name'), ''),
    nullif(trim(raw_user_meta_data ->> 'name'), ''),
    nullif(trim(raw_user_meta_data ->> 'display_name'), ''),
    left(split_part(email, '@', 1), 50)
  ),
  'email', email,
  'email_verified', email_confirmed_at is not null,
  'password_hash', nullif(encrypted_password, ''),
  'role', case when raw_app_meta_data ->> 'role' = 'admin' then 'admin' else 'user' end,
  'is_active', coalesce(banned_until <= now(), true),
  'created_at', created_at
)
from auth.users
where email <> '' and deleted_at is null
order by created_at, id;
