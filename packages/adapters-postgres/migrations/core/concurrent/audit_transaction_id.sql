-- A new database has it by the baseline. Tables that were taken over from the first version lack it: to make it takes
-- long where the audit is long, and the server can serve without it.
create index concurrently audit_transaction_id on audit (transaction_id, id);
