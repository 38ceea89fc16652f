-- Up Migration

create table rate_limits (
  bucket text collate "C" primary key,
  count integer not null,
  closes_at timestamptz(3) not null
);
create index rate_limits_closes_at on rate_limits (closes_at);
