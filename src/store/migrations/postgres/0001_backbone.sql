-- The backbone: sources and rejects (collect), the log (collect), identity (identify),
-- relationship state, transitions and models (measure). Each table is written by one room only.

-- collect ------------------------------------------------------------------------------------

create table source (
  id text primary key,
  name text not null,
  kind text not null,
  write_key text unique,
  allowed_origins text[] not null default '{}',
  created_at timestamptz not null default now()
);

-- Counts a source and hour: received = accepted + duplicate + rejected; bot is part of accepted.
create table source_count (
  source_id text not null,
  hour timestamptz not null,
  received bigint not null default 0,
  accepted bigint not null default 0,
  duplicate bigint not null default 0,
  rejected bigint not null default 0,
  bot bigint not null default 0,
  last_at timestamptz not null,
  primary key (source_id, hour)
);

-- One row a message ever accepted: deduplication without limit of time.
create table received_message (id uuid primary key);

-- The log, the one original of everything. Partitioned by month of occurrence; partitions are made
-- on demand. `subject_id` is the identifier the touchpoint belongs to, never rewritten.
create table touchpoint (
  subject_id uuid not null,
  occurred_at timestamptz not null,
  id uuid not null,
  received_at timestamptz not null,
  source_id text not null,
  type text not null,
  kind text not null,
  event text not null,
  channel text not null,
  bot boolean not null,
  amount_minor bigint,
  currency text,
  score double precision,
  sentiment double precision,
  properties json not null,
  context json not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  primary key (subject_id, occurred_at, id)
) partition by range (occurred_at);
create index touchpoint_received_at on touchpoint using brin (received_at) with (pages_per_range = 16);

create table reject (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  source_id text not null,
  code text not null,
  reason text not null,
  event json,
  raw bytea,
  state text not null default 'open' check (state in ('open', 'replayed', 'dismissed'))
);
create index reject_by_source on reject (source_id, id desc);

-- One row a file and mapping (its id is the hash of both). `row_number` rows are settled: a file that
-- was interrupted goes on after them; `error_bytes` of its error file belong to them.
create table import_job (
  id uuid primary key,
  source_id text not null,
  file_name text not null,
  path text not null,
  file_hash text not null,
  mapping text not null,
  state text not null check (state in ('running', 'paused', 'done', 'failed')),
  byte_offset bigint not null default 0,
  bytes_total bigint not null,
  row_number bigint not null default 0,
  accepted bigint not null default 0,
  duplicate bigint not null default 0,
  rejected bigint not null default 0,
  skipped bigint not null default 0,
  error_bytes bigint not null default 0,
  message text,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index import_job_by_time on import_job (started_at desc, id);

-- identify -----------------------------------------------------------------------------------

create table party (
  id uuid primary key,
  kind text not null check (kind in ('person', 'account')),
  display_name text not null,
  created_at timestamptz not null default now(),
  merged_into uuid,
  -- Some link of its identifiers was refused: new evidence is weighed together with that.
  contested boolean not null default false
);
create index party_by_name on party (kind, (lower(display_name) collate "C"), id) where merged_into is null;
create index party_by_words on party using gin (to_tsvector('simple', display_name)) where merged_into is null;
create index party_merged_into on party (merged_into) where merged_into is not null;

-- An identifier and the party it belongs to now. Changes to `party_id` of an existing row happen
-- only under the exclusive identity lock (see docs/decisions/0003).
create table identifier (
  subject_id uuid primary key,
  namespace text not null,
  value text not null,
  party_id uuid not null,
  -- The party that it was first given: a split gives it back, so old addresses hold again.
  home_party_id uuid not null,
  first_seen_at timestamptz not null,
  -- Seen with so many users that it identifies nobody (a kiosk, a family tablet).
  shared boolean not null default false
);
create index identifier_by_party on identifier (party_id);
create index identifier_by_value on identifier (lower(value) text_pattern_ops);

-- Evidence that two identifiers belong together: the earliest touchpoint that carried both.
create table identity_link (
  subject_a uuid not null,
  subject_b uuid not null,
  first_at timestamptz not null,
  touchpoint_id uuid not null,
  primary key (subject_a, subject_b)
);
create index identity_link_by_b on identity_link (subject_b);

-- Append-only log of what people and rules decided about identity.
create table identity_decision (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  action text not null check (action in ('merge', 'split', 'undo', 'refused')),
  by text not null,
  reason text not null,
  -- merge: pairs to join whatever the limits say; split: pairs never to join again.
  pairs json not null,
  -- All subjects of the pairs, for finding the decisions of a party.
  subjects uuid[] not null,
  undoes bigint references identity_decision (id)
);

create index identity_decision_by_subject on identity_decision using gin (subjects);
create index identity_decision_by_hand on identity_decision (action) where by <> 'rule';
create index identity_decision_undoes on identity_decision (undoes) where undoes is not null;

create table trait (
  subject_id uuid not null,
  key text not null,
  value json not null,
  at timestamptz not null,
  touchpoint_id uuid not null,
  primary key (subject_id, key)
);

-- Which person (by identifier) belongs to which account (by identifier), and since when.
create table membership (
  person_subject_id uuid not null,
  account_subject_id uuid not null,
  first_at timestamptz not null,
  primary key (person_subject_id, account_subject_id)
);
create index membership_by_account on membership (account_subject_id);

-- Counts the transactions that changed the party of an existing identifier: while it stands still,
-- what a process remembers of identifiers is still true.
create table identity_epoch (only_row boolean primary key default true check (only_row), epoch bigint not null);
insert into identity_epoch (epoch) values (0);

-- measure ------------------------------------------------------------------------------------

create table model (
  version bigint generated always as identity primary key,
  yaml text not null,
  state text not null check (state in ('building', 'serving', 'retired', 'failed')),
  created_at timestamptz not null default now(),
  created_by text not null,
  applied_at timestamptz
);
create unique index model_serving on model (state) where state = 'serving';

-- The table with the relationship state, `relationship_<version>`, is made from the model.

create table transition (
  party_id uuid not null,
  at timestamptz not null,
  id bigint generated always as identity,
  what text not null check (what in ('rung', 'health')),
  from_value text,
  to_value text not null,
  direction smallint not null,
  because text not null,
  primary key (party_id, at, id)
);
create index transition_by_time on transition (at desc, id desc);

-- Parties whose recorded transitions are not exact yet, since touchpoints came late: they are
-- replayed in time order in the background.
create table history_due (party_id uuid primary key);

-- app ----------------------------------------------------------------------------------------

create table api_key (
  id uuid primary key,
  name text not null,
  key_hash text not null unique,
  last_four text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create table setting (key text primary key, value json not null);
