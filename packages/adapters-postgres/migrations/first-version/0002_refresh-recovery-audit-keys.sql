-- Locks: sessions ACCESS EXCLUSIVE
-- Locks: users SHARE ROW EXCLUSIVE
-- Rewrites: sessions

-- Up Migration

alter table sessions add column generation integer not null default 0;
alter table sessions add column turned_at timestamptz(3);
update sessions set turned_at = created_at;
alter table sessions alter column turned_at set not null;
create index sessions_expires_at on sessions (expires_at);

create table one_time_tokens (
  user_id bigint not null,
  purpose text not null,
  email text not null,
  digest text collate "C" not null,
  expires_at timestamptz(3) not null,
  primary key (user_id, purpose),
  constraint one_time_tokens_digest_key unique (digest),
  constraint one_time_tokens_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);

create index one_time_tokens_expires_at on one_time_tokens (expires_at);

-- Whom a mail or an event is about may be gone by the time that somebody looks: no reference.
create table outbox (
  id bigint generated always as identity primary key,
  kind text not null,
  email text not null,
  user_id bigint,
  queued_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  attempts integer not null default 0
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
  detail jsonb not null
);

create index audit_subject_id on audit (subject_id, id);
create index audit_actor_id on audit (actor_id, id);
create index audit_type on audit (type, id);
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
