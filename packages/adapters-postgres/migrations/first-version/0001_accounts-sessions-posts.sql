-- Up Migration

create table users (
  id bigint generated always as identity primary key,
  -- "C": compared byte by byte, so that the beginning of a text is a range of the index in any locale.
  email text collate "C" not null,
  name text not null,
  name_folded text collate "C" not null,
  age smallint not null,
  city text not null,
  role text not null,
  is_active boolean not null,
  email_verified boolean not null,
  created_at timestamptz(3) not null,
  password_hash text not null,
  constraint users_email_key unique (email),
  constraint users_role_check check (role in ('user', 'admin'))
);

create index users_name_folded on users (name_folded);
create index users_is_active on users (is_active, id);
create index users_role on users (role, id);

create table sessions (
  id text collate "C" primary key,
  user_id bigint not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  ip text,
  user_agent text,
  constraint sessions_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);

create index sessions_user_id on sessions (user_id);

create table posts (
  id bigint generated always as identity primary key,
  title text not null,
  content text not null,
  published boolean not null,
  author_id bigint not null,
  created_at timestamptz(3) not null,
  constraint posts_author_id_fkey foreign key (author_id) references users (id) on delete cascade
);

create index posts_author_id on posts (author_id, id);
create index posts_published on posts (published, id);
