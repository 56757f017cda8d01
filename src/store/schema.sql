-- The schema after all migrations. Written by scripts/dump-schema.ts; do not edit.

create table api_key (
  id uuid not null,
  name text not null,
  key_hash text not null,
  last_four text not null,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_key_hash_key UNIQUE (key_hash)
);

create table dashboard (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  deleted_at timestamp with time zone,
  constraint dashboard_pkey PRIMARY KEY (id)
);

create table dashboard_pin (
  id uuid not null,
  dashboard_id uuid not null,
  report text not null,
  title text not null,
  query json not null,
  "position" integer not null,
  wide boolean not null,
  constraint dashboard_pin_pkey PRIMARY KEY (id),
  constraint dashboard_pin_dashboard_id_fkey FOREIGN KEY (dashboard_id) REFERENCES dashboard(id)
);
create index dashboard_pin_in_order ON dashboard_pin USING btree (dashboard_id, "position");

create table history_due (
  party_id uuid not null,
  constraint history_due_pkey PRIMARY KEY (party_id)
);

create table identifier (
  subject_id uuid not null,
  namespace text not null,
  value text not null,
  party_id uuid not null,
  home_party_id uuid not null,
  first_seen_at timestamp with time zone not null,
  shared boolean not null default false,
  moved_in bigint,
  constraint identifier_pkey PRIMARY KEY (subject_id)
);
create index identifier_by_party ON identifier USING btree (party_id);
create index identifier_by_value ON identifier USING btree (lower(value) text_pattern_ops);
create index identifier_moved_in ON identifier USING btree (moved_in) WHERE (moved_in IS NOT NULL);

create table identity_decision (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  action text not null,
  by text not null,
  reason text not null,
  pairs json not null,
  subjects uuid[] not null,
  undoes bigint,
  constraint identity_decision_pkey PRIMARY KEY (id),
  constraint identity_decision_action_check CHECK (action = ANY (ARRAY['merge'::text, 'split'::text, 'undo'::text, 'refused'::text])),
  constraint identity_decision_undoes_fkey FOREIGN KEY (undoes) REFERENCES identity_decision(id)
);
create index identity_decision_by_hand ON identity_decision USING btree (action) WHERE (by <> 'rule'::text);
create index identity_decision_by_subject ON identity_decision USING gin (subjects);
create index identity_decision_undoes ON identity_decision USING btree (undoes) WHERE (undoes IS NOT NULL);

create table identity_epoch (
  only_row boolean not null default true,
  epoch bigint not null,
  constraint identity_epoch_pkey PRIMARY KEY (only_row),
  constraint identity_epoch_only_row_check CHECK (only_row)
);

create table identity_link (
  subject_a uuid not null,
  subject_b uuid not null,
  first_at timestamp with time zone not null,
  touchpoint_id uuid not null,
  constraint identity_link_pkey PRIMARY KEY (subject_a, subject_b)
);
create index identity_link_by_b ON identity_link USING btree (subject_b);

create table import_job (
  id uuid not null,
  source_id text not null,
  file_name text not null,
  path text not null,
  file_hash text not null,
  mapping text not null,
  state text not null,
  byte_offset bigint not null default 0,
  bytes_total bigint not null,
  row_number bigint not null default 0,
  accepted bigint not null default 0,
  duplicate bigint not null default 0,
  rejected bigint not null default 0,
  skipped bigint not null default 0,
  error_bytes bigint not null default 0,
  message text,
  started_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint import_job_pkey PRIMARY KEY (id),
  constraint import_job_state_check CHECK (state = ANY (ARRAY['running'::text, 'paused'::text, 'done'::text, 'failed'::text]))
);
create index import_job_by_time ON import_job USING btree (started_at DESC, id);

create table lens_archive (
  file text not null,
  lens uuid not null,
  month integer not null,
  last_batch integer not null,
  touchpoints integer not null,
  bytes bigint not null,
  archived_at timestamp with time zone not null default now(),
  constraint lens_archive_pkey PRIMARY KEY (file)
);

create table lens_batch (
  id integer not null generated always as identity,
  from_transaction bigint not null,
  to_transaction bigint not null,
  touchpoints integer not null,
  copied_at timestamp with time zone,
  attempt integer not null default 1,
  constraint lens_batch_pkey PRIMARY KEY (id)
);

create table lens_progress (
  only_row boolean not null default true,
  lens uuid not null,
  parties_to bigint not null default 0,
  model_version bigint not null default 0,
  version bigint not null default 0,
  parties_version bigint not null default 0,
  copied_at timestamp with time zone,
  constraint lens_progress_pkey PRIMARY KEY (only_row),
  constraint lens_progress_only_row_check CHECK (only_row)
);

create table membership (
  person_subject_id uuid not null,
  account_subject_id uuid not null,
  first_at timestamp with time zone not null,
  constraint membership_pkey PRIMARY KEY (person_subject_id, account_subject_id)
);
create index membership_by_account ON membership USING btree (account_subject_id);

create table merge_search (
  only_row boolean not null default true,
  started_at timestamp with time zone,
  lease_until timestamp with time zone,
  finished_at timestamp with time zone,
  people integer not null default 0,
  compared bigint not null default 0,
  found integer not null default 0,
  left_out integer not null default 0,
  milliseconds integer not null default 0,
  message text,
  constraint merge_search_pkey PRIMARY KEY (only_row),
  constraint merge_search_only_row_check CHECK (only_row)
);

create table merge_suggestion (
  id uuid not null,
  one_id uuid not null,
  other_id uuid not null,
  probability double precision not null,
  weight double precision not null,
  reasons json not null,
  state text not null,
  found_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by text,
  constraint merge_suggestion_pkey PRIMARY KEY (id),
  constraint merge_suggestion_check CHECK (one_id < other_id),
  constraint merge_suggestion_one_id_other_id_key UNIQUE (one_id, other_id),
  constraint merge_suggestion_state_check CHECK (state = ANY (ARRAY['open'::text, 'accepted'::text, 'dismissed'::text]))
);
create index merge_suggestion_by_other ON merge_suggestion USING btree (other_id);
create index merge_suggestion_open ON merge_suggestion USING btree (weight DESC, id) WHERE (state = 'open'::text);

create table model (
  version bigint not null generated always as identity,
  yaml text not null,
  state text not null,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  applied_at timestamp with time zone,
  constraint model_pkey PRIMARY KEY (version),
  constraint model_state_check CHECK (state = ANY (ARRAY['building'::text, 'serving'::text, 'retired'::text, 'failed'::text]))
);
create unique index model_serving ON model USING btree (state) WHERE (state = 'serving'::text);

create table party (
  id uuid not null,
  kind text not null,
  display_name text not null,
  created_at timestamp with time zone not null default now(),
  merged_into uuid,
  contested boolean not null default false,
  constraint party_pkey PRIMARY KEY (id),
  constraint party_kind_check CHECK (kind = ANY (ARRAY['person'::text, 'account'::text]))
);
create index party_by_name ON party USING btree (kind, lower(display_name) COLLATE "C", id) WHERE (merged_into IS NULL);
create index party_by_words ON party USING gin (to_tsvector('simple'::regconfig, display_name)) WHERE (merged_into IS NULL);
create index party_merged_into ON party USING btree (merged_into) WHERE (merged_into IS NOT NULL);

create table prediction (
  party_id uuid not null,
  quantity text not null,
  version integer not null,
  value double precision not null,
  low double precision not null,
  high double precision not null,
  rank real not null,
  as_of timestamp with time zone not null,
  reasons json not null,
  constraint prediction_pkey PRIMARY KEY (party_id, quantity)
);
create index prediction_by_value ON prediction USING btree (quantity, value DESC, party_id);

create table prediction_model (
  id text not null,
  version integer not null,
  state text not null,
  reason text,
  as_of timestamp with time zone not null,
  started_at timestamp with time zone not null,
  lease_until timestamp with time zone,
  progress real not null default 0,
  doing text not null default ''::text,
  fitted_at timestamp with time zone,
  milliseconds integer,
  parameters json,
  card json,
  scored_at timestamp with time zone,
  scored integer,
  drift json,
  constraint prediction_model_pkey PRIMARY KEY (id, version),
  constraint prediction_model_state_check CHECK (state = ANY (ARRAY['fitting'::text, 'serving'::text, 'refused'::text, 'failed'::text, 'retired'::text]))
);
create unique index prediction_model_fitting ON prediction_model USING btree (id) WHERE (state = 'fitting'::text);
create unique index prediction_model_serving ON prediction_model USING btree (id) WHERE (state = 'serving'::text);

create table received_message (
  id uuid not null,
  constraint received_message_pkey PRIMARY KEY (id)
);

create table reject (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  source_id text not null,
  code text not null,
  reason text not null,
  event json,
  raw bytea,
  state text not null default 'open'::text,
  identity uuid,
  constraint reject_pkey PRIMARY KEY (id),
  constraint reject_state_check CHECK (state = ANY (ARRAY['open'::text, 'replayed'::text, 'dismissed'::text]))
);
create index reject_by_source ON reject USING btree (source_id, id DESC);
create unique index reject_once ON reject USING btree (identity);

create table report_delivery (
  schedule_id uuid not null,
  due_at timestamp with time zone not null,
  state text not null,
  attempts integer not null default 0,
  next_try_at timestamp with time zone,
  error text,
  sent_at timestamp with time zone,
  constraint report_delivery_pkey PRIMARY KEY (schedule_id, due_at),
  constraint report_delivery_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES report_schedule(id),
  constraint report_delivery_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'failed'::text]))
);
create index report_delivery_open ON report_delivery USING btree (next_try_at) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));

create table report_schedule (
  id uuid not null,
  report text not null,
  title text not null,
  query json not null,
  every text not null,
  hour integer not null,
  minute integer not null,
  zone text not null,
  weekday integer,
  month_day integer,
  channel text not null,
  targets text[] not null,
  secret text,
  formats text[] not null,
  next_at timestamp with time zone not null,
  lease_until timestamp with time zone,
  paused boolean not null default false,
  created_at timestamp with time zone not null,
  created_by text not null,
  creator_id uuid not null,
  creator_kind text not null,
  deleted_at timestamp with time zone,
  constraint report_schedule_pkey PRIMARY KEY (id),
  constraint report_schedule_channel_check CHECK (channel = ANY (ARRAY['email'::text, 'webhook'::text])),
  constraint report_schedule_check CHECK ((secret IS NOT NULL) = (channel = 'webhook'::text)),
  constraint report_schedule_creator_kind_check CHECK (creator_kind = ANY (ARRAY['user'::text, 'key'::text])),
  constraint report_schedule_every_check CHECK (every = ANY (ARRAY['day'::text, 'week'::text, 'month'::text])),
  constraint report_schedule_formats_check CHECK (cardinality(formats) > 0),
  constraint report_schedule_hour_check CHECK (hour >= 0 AND hour <= 23),
  constraint report_schedule_minute_check CHECK (minute >= 0 AND minute <= 59),
  constraint report_schedule_month_day_check CHECK (month_day >= 1 AND month_day <= 31),
  constraint report_schedule_targets_check CHECK (cardinality(targets) > 0),
  constraint report_schedule_weekday_check CHECK (weekday >= 1 AND weekday <= 7)
);
create index report_schedule_due ON report_schedule USING btree (next_at) WHERE ((NOT paused) AND (deleted_at IS NULL));

create table schema_migration (
  version integer not null,
  name text not null,
  hash text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (version)
);

create table segment (
  id uuid not null,
  name text not null,
  about text not null default ''::text,
  kind text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  deleted_at timestamp with time zone,
  constraint segment_pkey PRIMARY KEY (id),
  constraint segment_kind_check CHECK (kind = ANY (ARRAY['person'::text, 'account'::text]))
);
create unique index segment_by_name ON segment USING btree (lower(name)) WHERE (deleted_at IS NULL);

create table segment_build (
  build integer not null generated always as identity,
  segment_id uuid not null,
  version integer not null,
  model_version integer not null,
  parts integer[] not null default '{}'::integer[],
  state text not null,
  reason text,
  evaluated_at timestamp with time zone not null,
  milliseconds integer,
  members integer,
  constraint segment_build_pkey PRIMARY KEY (build),
  constraint segment_build_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segment(id),
  constraint segment_build_state_check CHECK (state = ANY (ARRAY['building'::text, 'serving'::text, 'broken'::text, 'retired'::text, 'failed'::text]))
);
create unique index segment_build_in_force ON segment_build USING btree (segment_id) WHERE (state = ANY (ARRAY['serving'::text, 'broken'::text]));
create unique index segment_build_under_way ON segment_build USING btree (segment_id) WHERE (state = 'building'::text);

create table segment_change (
  id bigint not null generated always as identity,
  segment_id uuid not null,
  party_id uuid not null,
  version integer not null,
  at timestamp with time zone not null,
  what text not null,
  because text not null,
  claimed_at timestamp with time zone,
  constraint segment_change_pkey PRIMARY KEY (party_id, id),
  constraint segment_change_what_check CHECK (what = ANY (ARRAY['entered'::text, 'left'::text]))
);
create index segment_change_by_segment ON segment_change USING btree (segment_id, id DESC);
create index segment_change_unclaimed ON segment_change USING btree (id) WHERE (claimed_at IS NULL);

create table segment_epoch (
  only_row boolean not null default true,
  epoch bigint not null,
  constraint segment_epoch_pkey PRIMARY KEY (only_row),
  constraint segment_epoch_only_row_check CHECK (only_row)
);

create table segment_member (
  build integer not null,
  party_id uuid not null,
  inside boolean not null,
  since timestamp with time zone not null,
  wake_at timestamp with time zone,
  constraint segment_member_pkey PRIMARY KEY (build, party_id)
);
create index segment_member_by_party ON segment_member USING btree (party_id);
create index segment_member_wake ON segment_member USING btree (wake_at) WHERE (wake_at IS NOT NULL);

create table segment_touched (
  id bigint not null generated always as identity,
  build integer not null,
  party_id uuid not null,
  constraint segment_touched_pkey PRIMARY KEY (id)
);

create table segment_version (
  segment_id uuid not null,
  version integer not null,
  tree json not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  constraint segment_version_pkey PRIMARY KEY (segment_id, version),
  constraint segment_version_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segment(id)
);

create table setting (
  key text not null,
  value json not null,
  constraint setting_pkey PRIMARY KEY (key)
);

create table source (
  id text not null,
  name text not null,
  kind text not null,
  write_key text,
  allowed_origins text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now(),
  constraint source_pkey PRIMARY KEY (id),
  constraint source_write_key_key UNIQUE (write_key)
);

create table source_count (
  source_id text not null,
  hour timestamp with time zone not null,
  received bigint not null default 0,
  accepted bigint not null default 0,
  duplicate bigint not null default 0,
  rejected bigint not null default 0,
  bot bigint not null default 0,
  last_at timestamp with time zone not null,
  constraint source_count_pkey PRIMARY KEY (source_id, hour)
);

create table touchpoint (
  subject_id uuid not null,
  occurred_at timestamp with time zone not null,
  id uuid not null,
  received_at timestamp with time zone not null,
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
  constraint touchpoint_pkey PRIMARY KEY (subject_id, occurred_at, id)
) partition by RANGE (occurred_at);
create index touchpoint_by_transaction ON ONLY public.touchpoint USING brin ((((transaction_id)::text)::bigint)) WITH (pages_per_range='32');
create index touchpoint_received_at ON ONLY public.touchpoint USING brin (received_at) WITH (pages_per_range='16');

create table trait (
  subject_id uuid not null,
  key text not null,
  value json not null,
  at timestamp with time zone not null,
  touchpoint_id uuid not null,
  constraint trait_pkey PRIMARY KEY (subject_id, key)
);

create table transition (
  party_id uuid not null,
  at timestamp with time zone not null,
  id bigint not null generated always as identity,
  what text not null,
  from_value text,
  to_value text not null,
  direction smallint not null,
  because text not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  constraint transition_pkey PRIMARY KEY (party_id, at, id),
  constraint transition_what_check CHECK (what = ANY (ARRAY['rung'::text, 'health'::text]))
);
create index transition_by_time ON transition USING btree (at DESC, id DESC);
create index transition_by_transaction ON transition USING brin ((((transaction_id)::text)::bigint)) WITH (pages_per_range='32', autosummarize=off);
