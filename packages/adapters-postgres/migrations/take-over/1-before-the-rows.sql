-- Locks: users ACCESS EXCLUSIVE
-- Locks: sessions ACCESS EXCLUSIVE
-- Locks: one_time_tokens ACCESS EXCLUSIVE
-- Locks: posts ACCESS EXCLUSIVE
-- Rewrites: users

alter table sessions drop constraint sessions_user_id_fkey;
alter table one_time_tokens drop constraint one_time_tokens_user_id_fkey;
-- A server without posts may have dropped their table.
alter table if exists posts drop constraint if exists posts_author_id_fkey;

alter table users
  drop constraint users_role_check,
  alter column password_hash drop not null,
  add column external_id text collate "C",
  add column search tsvector,
  add column profile jsonb not null default '{}',
  add column security_version integer not null default 1;

-- Every row is about to be rewritten, which costs less without them.
drop index users_name_folded, users_is_active, users_role;
