-- Under load the server could not summarise as fast as it was told to, and wrote each refusal into its
-- journal with the whole statement. The exporter, the only reader of these indexes, does it from now on.
drop index touchpoint_by_transaction;
create index touchpoint_by_transaction on touchpoint
  using brin ((transaction_id::text::bigint)) with (pages_per_range = 32);

alter index transition_by_transaction set (autosummarize = off);
