-- Locks: sessions ACCESS EXCLUSIVE

-- Up Migration

-- The sessions of a user that have not ended are few, those that have may be many: what ends or lists the
-- former passes over the latter.
create index sessions_open on sessions (user_id, last_used_at, id) where ended_at is null;
create index sessions_device on sessions (user_id, user_agent);
drop index sessions_user_id;
