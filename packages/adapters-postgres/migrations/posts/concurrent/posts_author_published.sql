-- A new database has it by the baseline. A table that was taken over from the first version lacks it: to make it takes
-- long where there are many posts, and the server can serve without it.
create index concurrently posts_author_published on posts (author_id, published, id);
