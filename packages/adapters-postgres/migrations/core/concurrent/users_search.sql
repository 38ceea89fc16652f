-- A new database has it by the baseline. Tables that were taken over from the first version lack it: to make it takes
-- long where there are many users, and the server can serve without it.
create index concurrently users_search on users using gin (search) with (fastupdate = off);
