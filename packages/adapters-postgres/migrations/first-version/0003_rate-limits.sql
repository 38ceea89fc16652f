-- Locks: sessions ACCESS EXCLUSIVE

-- Up Migration

create table rate_limits (
  bucket text collate "C" primary key,
  count integer not null,
  closes_at timestamptz(3) not null
);
create index rate_limits_closes_at on rate_limits (closes_at);

-- Nodes that run the release before go on to open sessions while this one is rolled out.
alter table sessions alter column turned_at set default now();
