-- Part of the token of an insert: the lens drops one whose token it saw, so what it lost needs another.
alter table lens_batch add column attempt int not null default 1;
