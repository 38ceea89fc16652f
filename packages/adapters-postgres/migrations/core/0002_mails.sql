-- Locks: one_time_tokens ACCESS EXCLUSIVE
-- Locks: outbox ACCESS EXCLUSIVE

-- The mail that carries it. Each attempt to send a mail has a token of its own.
alter table one_time_tokens add column mail text collate "C";

-- Whether it was counted towards what its recipient may get.
alter table outbox add column counted boolean not null default false;
-- Until now, a mail was counted at its first attempt.
update outbox set counted = true where attempts > 0;
