create table comments (
  id bigint generated always as identity primary key,
  post_id bigint not null,
  post_author_id bigint not null,
  author_id bigint not null,
  text text not null,
  created_at timestamptz(3) not null
);

create index comments_post_id on comments (post_id, id);
create index comments_post_author_id on comments (post_author_id);
create index comments_author_id on comments (author_id);
