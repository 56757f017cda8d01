-- A client that never got its answer sends the batch again: what was refused in it is listed once.

-- Hash of source, code and message id; without a message id, of the event and the day. Null for rows
-- from before.
alter table reject add column identity uuid;
create unique index reject_once on reject (identity);
