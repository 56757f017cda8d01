-- People that are probably one, for somebody to decide (identify).

-- One row a pair. Who was once decided about is not suggested again.
create table merge_suggestion (
  id uuid primary key,
  -- In the order of their ids.
  one_id uuid not null,
  other_id uuid not null,
  probability double precision not null,
  -- In bits.
  weight double precision not null,
  -- Per field, what it says and by how much: [field, level, weight in bits]. Values are not copied here.
  reasons json not null,
  state text not null check (state in ('open', 'accepted', 'dismissed')),
  found_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  check (one_id < other_id),
  unique (one_id, other_id)
);
create index merge_suggestion_open on merge_suggestion (weight desc, id) where state = 'open';
create index merge_suggestion_by_other on merge_suggestion (other_id);

-- The last search for them.
create table merge_search (
  only_row boolean primary key default true check (only_row),
  started_at timestamptz,
  -- While it is under way: whoever searches is taken for gone after that.
  lease_until timestamptz,
  finished_at timestamptz,
  people int not null default 0,
  compared bigint not null default 0,
  found int not null default 0,
  -- Values that so many share that they were not compared.
  left_out int not null default 0,
  milliseconds int not null default 0,
  -- Why the last one found nothing, where that has a reason.
  message text
);
insert into merge_search default values;
