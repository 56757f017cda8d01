-- What the lens has of the truth: see src/store/exporter/README.md. Written by store, except for the two
-- columns that identify and measure keep so that their changes can be found.

-- Found by the transaction that wrote it, since a sequence does not tell what was committed when.
create index touchpoint_by_transaction on touchpoint
  using brin ((transaction_id::text::bigint)) with (pages_per_range = 32, autosummarize = on);

-- The transaction that gave an identifier to another party, null where none ever did.
alter table identifier add column moved_in bigint;
create index identifier_moved_in on identifier (moved_in) where moved_in is not null;

-- The transaction that wrote the transition.
alter table transition
  add column transaction_id xid8 not null default pg_current_xact_id();
create index transition_by_transaction on transition
  using brin ((transaction_id::text::bigint)) with (pages_per_range = 32, autosummarize = on);

-- One row a batch of touchpoints, which has its number in the lens. Planned before it is copied: whatever
-- happens between, the next who looks can tell whether the lens has it.
create table lens_batch (
  id int generated always as identity primary key,
  from_transaction bigint not null,
  -- Exclusive.
  to_transaction bigint not null,
  touchpoints int not null,
  copied_at timestamptz
);

-- Up to where parties and identifiers were copied (transactions, exclusive), and for which lens and model.
create table lens_progress (
  only_row boolean primary key default true check (only_row),
  -- Names the lens that all of this is about; a lens with another name, or none, is filled anew.
  lens uuid not null,
  parties_to bigint not null default 0,
  model_version bigint not null default 0,
  -- Counts the goes; taken before anything is copied, so that no two copies of a party have the same.
  version bigint not null default 0,
  -- Of the newest copy of parties that held any.
  parties_version bigint not null default 0,
  copied_at timestamptz
);
