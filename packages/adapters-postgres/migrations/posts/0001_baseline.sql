-- Up Migration

create table posts (
  id bigint generated always as identity primary key,
  title text not null,
  content text not null,
  published boolean not null,
  author_id bigint not null,
  created_at timestamptz(3) not null
);

-- An author may have a million posts, and few drafts among them.
create index posts_author_published on posts (author_id, published, id);
create index posts_published on posts (published, id);
