-- Locks: posts ACCESS EXCLUSIVE
-- Locks: users ACCESS EXCLUSIVE

alter table posts drop constraint posts_author_id_fkey;
