-- Locks: users ACCESS EXCLUSIVE
-- Locks: sessions ACCESS EXCLUSIVE
-- Locks: one_time_tokens ACCESS EXCLUSIVE
-- Locks: outbox ACCESS EXCLUSIVE
-- Locks: audit ACCESS EXCLUSIVE
-- Rewrites: sessions

alter table users
  alter column search set not null,
  drop column name_folded,
  drop column age,
  drop column city,
  add constraint users_external_id_key unique (external_id);
-- The index users_search is one of those that are made concurrently.
create index users_is_active on users (is_active, id);
create index users_role on users (role, id);
create index users_email_verified on users (email_verified, id);

create table closed_accounts (
  user_id bigint primary key,
  closed_at timestamptz(3) not null
);

-- The first version knew passwords alone, and did not ask for them again within a session.
alter table sessions
  add column methods text[] not null default '{pwd}',
  add column authenticated_at timestamptz(3),
  add column refreshed_by text,
  add column networks text[] not null default '{}',
  add column from_new_network boolean not null default false,
  add column shared_at timestamptz(3)[] not null default '{}',
  alter column turned_at drop default;
-- It costs less to rewrite the table than to update each of its rows.
alter table sessions alter column authenticated_at type timestamptz(3) using created_at;
alter table sessions alter column methods drop default, alter column networks drop default, alter column from_new_network drop default,
  alter column shared_at drop default, alter column authenticated_at set not null;

create table known_networks (
  user_id bigint not null,
  network text collate "C" not null,
  known_until timestamptz(3) not null,
  primary key (user_id, network)
);

create index known_networks_known_until on known_networks (known_until);

-- When a link was made is not known; those that are newer than it come after it.
alter table one_time_tokens
  drop constraint one_time_tokens_pkey,
  drop constraint one_time_tokens_digest_key,
  add primary key (digest),
  add column created_at timestamptz(3) not null default now(),
  add column used_at timestamptz(3);
alter table one_time_tokens alter column created_at drop default;
create index one_time_tokens_user_id on one_time_tokens (user_id, purpose, created_at);

alter table outbox add column locale text, add column network text, add column data jsonb;

-- The rows that exist count as written by this transaction, which does not rewrite them.
alter table audit add column transaction_id xid8 not null default pg_current_xact_id();

-- A server without posts may have dropped their table.
do $$ begin
  if to_regclass('posts') is not null then
    drop index posts_author_id;
    create index posts_author_published on posts (author_id, published, id);
  end if;
end $$;
