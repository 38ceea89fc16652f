-- Up Migration

create table users (
  id bigint generated always as identity primary key,
  -- "C": compared byte by byte, so that every database orders and compares it alike.
  email text collate "C" not null,
  external_id text collate "C",
  name text not null,
  -- The words that the account is found by, folded.
  search tsvector not null,
  profile jsonb not null default '{}',
  role text not null,
  is_active boolean not null,
  email_verified boolean not null,
  created_at timestamptz(3) not null,
  password_hash text,
  security_version integer not null default 1,
  constraint users_email_key unique (email),
  constraint users_external_id_key unique (external_id)
);

create index users_search on users using gin (search) with (fastupdate = off);
create index users_is_active on users (is_active, id);
create index users_role on users (role, id);
create index users_email_verified on users (email_verified, id);

-- Accounts that were closed, until every row that belongs to them is deleted. For this reason no table refers to
-- users by a foreign key: closing an account must not wait for its rows.
create table closed_accounts (
  user_id bigint primary key,
  closed_at timestamptz(3) not null
);

create table sessions (
  id text collate "C" primary key,
  user_id bigint not null,
  methods text[] not null,
  authenticated_at timestamptz(3) not null,
  generation integer not null default 0,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3) not null,
  turned_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  ip text,
  user_agent text,
  refreshed_by text,
  networks text[] not null,
  from_new_network boolean not null,
  shared_at timestamptz(3)[] not null
);

-- A user has few sessions that have not ended, and may have many that have.
create index sessions_open on sessions (user_id, last_used_at, id) where ended_at is null;
create index sessions_device on sessions (user_id, user_agent);
create index sessions_expires_at on sessions (expires_at);

-- Where the owners of accounts signed in or used a mailed link.
create table known_networks (
  user_id bigint not null,
  network text collate "C" not null,
  known_until timestamptz(3) not null,
  primary key (user_id, network)
);

create index known_networks_known_until on known_networks (known_until);

create table one_time_tokens (
  digest text collate "C" primary key,
  user_id bigint not null,
  purpose text not null,
  email text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);

create index one_time_tokens_user_id on one_time_tokens (user_id, purpose, created_at);
create index one_time_tokens_expires_at on one_time_tokens (expires_at);

create table outbox (
  id bigint generated always as identity primary key,
  kind text not null,
  email text not null,
  user_id bigint,
  queued_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  attempts integer not null default 0,
  -- The language and the network of the request that caused the mail, and what the mail states.
  locale text,
  network text,
  data jsonb
);

create index outbox_due_at on outbox (due_at, id);
create index outbox_user_id on outbox (user_id) where user_id is not null;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  type text not null,
  actor_id bigint,
  subject_id bigint,
  ip text,
  user_agent text,
  detail jsonb not null,
  -- The transaction that wrote it. Ids are in the order of writing, which differs from the order of the commits.
  transaction_id xid8 not null default pg_current_xact_id()
);

create index audit_transaction_id on audit (transaction_id, id);
create index audit_subject_id on audit (subject_id, id);
create index audit_actor_id on audit (actor_id, id);
create index audit_type on audit (type, id);
create index audit_ip on audit (ip, id);
create index audit_at on audit (at);

create table signing_keys (
  kid text collate "C" primary key,
  public_jwk text not null,
  sealed_private_key text not null,
  created_at timestamptz(3) not null,
  active_from timestamptz(3) not null,
  predecessor text collate "C" not null,
  constraint signing_keys_predecessor_key unique (predecessor)
);

create table rate_limits (
  bucket text collate "C" primary key,
  count integer not null,
  closes_at timestamptz(3) not null
);

create index rate_limits_closes_at on rate_limits (closes_at);
